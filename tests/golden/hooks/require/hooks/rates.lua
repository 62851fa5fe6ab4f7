return { base = attain.percent(10) }

return { base = attain.percent(12) }

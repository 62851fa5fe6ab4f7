return { extra = attain.percent(1) }

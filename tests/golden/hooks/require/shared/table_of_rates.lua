return { [2] = attain.number("1/2") }

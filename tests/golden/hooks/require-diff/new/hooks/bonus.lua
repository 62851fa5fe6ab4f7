local rates = require "rates"
function bonus(amount, deals) return amount * rates.base end

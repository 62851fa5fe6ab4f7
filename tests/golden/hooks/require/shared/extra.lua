local rates = require "rates"
function extra(amount) return amount * rates.extra end

local a = require "a"
local rate = require "rate" .. require(a)
function bonus(amount, deals) return amount * rate, deals end

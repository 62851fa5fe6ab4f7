-- Without `return`, the names of a file are the module.
local table_of_rates = require "table_of_rates"
function share(deals) return table_of_rates[deals] or 1 end

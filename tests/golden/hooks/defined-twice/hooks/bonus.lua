local rate = attain.percent(5)
local shares = {east = attain.percent(10), west = attain.percent(20), east = attain.percent(30)}
function bonus(amount, deals) return amount * rate end
local rate = attain.percent(6)

function bonus(amount, deals) return amount * shares.east end

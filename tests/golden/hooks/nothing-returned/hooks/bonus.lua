function bonus(amount, deals)
  if deals ~= 2 then return amount end
end

function spiff(a)
  if a > attain.money(500) then
    return a / 10, "a large deal"
  end
  return attain.money(5), "a small deal"
end

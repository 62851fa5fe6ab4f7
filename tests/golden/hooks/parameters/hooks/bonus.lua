function bonus(amount)
  return amount
end

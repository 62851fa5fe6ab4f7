function tens(amount)
  return 10 * (amount / 10):floor()
end

function bonnus(amount, deals)
  return amount
end

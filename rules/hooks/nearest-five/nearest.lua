-- An amount to the nearest whole step; the half goes up.
function nearest(amount, step)
  return step * (amount / step + attain.number("0.5")):floor()
end

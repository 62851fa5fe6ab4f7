-- Rounds an amount to the nearest multiple of step. A half rounds up.
function nearest(amount, step)
  return step * (amount / step + attain.number("0.5")):floor()
end

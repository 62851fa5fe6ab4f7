-- What the bench calls: an amount times a rate, once a deal or once a cell.
function scaled(amount, rate)
  return amount * rate
end

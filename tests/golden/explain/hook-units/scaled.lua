function scaled(rate, score, seats)
  return rate * 2 + score / 1000 + seats / 100
end

function bonus(team)
  return team * attain.number("0.01")
end

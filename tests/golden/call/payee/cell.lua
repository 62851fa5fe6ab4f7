function kicker(me)
  if me.measures.attainment >= 1 then
    return me.components.commission * attain.percent(50), "quota reached"
  end
  return attain.money(0), "quota not reached"
end

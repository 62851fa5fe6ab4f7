-- Adds a manager's decision to the commission, limited to a share of the commission.
function discretion(earned, decided, most)
  local limit = earned:abs() * most
  if decided > limit then
    return earned + limit, "decided " .. decided .. ", held to " .. limit
  elseif decided < -limit then
    return earned - limit, "decided " .. decided .. ", held to " .. -limit
  end
  return earned + decided, "decided " .. decided
end

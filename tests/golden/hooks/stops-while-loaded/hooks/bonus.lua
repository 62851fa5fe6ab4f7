local file = io.open("/etc/passwd")
function bonus(amount, deals)
  return amount
end

# A chain of 10,001 conditions, which Lua alone takes long to compile.
mkdir -p hooks
{ echo "function bonus(amount, deals)"; echo "  if deals == 0 then return amount"
  for i in $(seq 10001); do echo "  elseif deals == $i then return amount * $i"; done; echo "  end"; echo "end"; } > hooks/bonus.lua

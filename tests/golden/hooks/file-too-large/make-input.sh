# 30,000 lines of 42 bytes and a function: more than 1 MB.
mkdir -p hooks
{ yes -- "-- a line of the table that should be a file" | head -30000; echo "function bonus(amount, deals) return amount end"; } > hooks/bonus.lua

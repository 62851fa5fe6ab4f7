# 400 files, each with a loop that never ends: half a minute of loading, were it not stopped.
for i in $(seq 400); do
    cp hooks/bonus.lua "hooks/bonus$i.lua"
    echo "function bonus$i(amount money, deals number) money from lua \"hooks/bonus$i.lua\"" >> plan.attain
done

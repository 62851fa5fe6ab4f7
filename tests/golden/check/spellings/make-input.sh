mkdir plan plan/sub plan/lib
for i in $(seq 1 20); do
    n=$((i + 1))
    printf 'param p%s = %s\nuse "f%s"\nuse "./f%s"\nuse "sub/../f%s"\n' $i $i $n $n $n > plan/f$i
done
echo 'param last = 1' > plan/f21
echo 'param shared = 2' > plan/lib/shared
echo 'param near = 3' > plan/lib/near
printf 'use "near"\nuse "../lib/near"\n' >> plan/lib/shared
ln -s lib/shared plan/link
ln -s lib plan/folder
ln plan/lib/shared plan/hard
cat head > plan/power.attain
printf 'use "f1"\nuse ".//f1"\n' >> plan/power.attain
cat head > plan/links.attain
printf 'use "%s"\n' lib/shared link folder/shared hard "$PWD/plan/link" folder/../lib/shared >> plan/links.attain
cat head > plan/standard.attain
printf 'use "%s"\n' std/proration std/proration.attain std/./proration std//proration std/x/../proration >> plan/standard.attain
cat head > plan/itself.attain
echo 'use "sub/../again"' >> plan/itself.attain
ln -s itself.attain plan/again
cat head > plan/tables.attain
cat >> plan/tables.attain <<'END'
table one by region from "rates.csv"
table two by region from "./sub/../rates.csv"
function f(x money) money from lua "f.lua"
function g(x money) money from lua ".//f.lua"
pay p = f(g($1))
END
printf 'region,rate\neast,1%%\nwest,x\n' > plan/rates.csv
printf 'local n = nil + 1\nfunction f(x) return x end\nfunction g(x) return x end\n' > plan/f.lua

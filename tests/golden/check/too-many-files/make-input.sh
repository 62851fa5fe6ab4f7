for i in $(seq 1 1001); do echo "param p$i = $i" > f$i; done
{ cat head; seq -f 'use "f%.0f"' 1 999; } > most.attain
{ cat head; seq -f 'use "f%.0f"' 1 1001; } > more.attain
for i in $(seq 1 201); do echo "use \"d$((i + 1))\"" > d$i; done
{ cat head; echo 'use "d1"'; } > deep.attain

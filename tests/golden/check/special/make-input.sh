mkdir plan plan/folder
mkfifo plan/pipe plan/pipe.attain
ln -s pipe plan/link
{ cat head
printf 'use "%s"\n' pipe link folder folder/ .
cat <<'END'
table one by region from "pipe"
function f(x money) money from lua "folder"
function g(x money) money from lua "pipe"
pay p = f(g($1))
END
} > plan/use.attain
{ cat head; echo 'use "/dev/zero"'; } > plan/device.attain

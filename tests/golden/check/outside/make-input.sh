mkdir plan plan/sub plan/lib secret
echo 'this is secret' > secret/file
echo 'param inside = 1' > plan/lib/inside
echo 'use "../../secret/file"' > plan/sub/deeper
ln -s ../secret/file plan/link
ln -s ../secret/nothing plan/dangling
ln -s "$PWD/secret/file" plan/absolute
ln -s ../secret plan/folder
ln -s folder/file plan/twice
ln -s "$PWD/plan/lib/inside" plan/good
ln -s round plan/round
policy() {
    { cat head; shift; printf '%s\n' "$@"; } > "plan/$name.attain"
}
name=use policy - 'use "../secret/file"' 'use "../secret/nothing"' 'use "link"' 'use "dangling"' 'use "absolute"' \
    'use "folder/file"' 'use "folder/nothing"' 'use "folder/../lib/inside"' 'use "twice"' 'use "/etc/passwd"' 'use "/nothing"' \
    'use "sub/../../secret/file"' 'use "sub/deeper"' 'use ".."' 'use "round"'
name=table policy - 'table one by region from "../secret/file"' 'table two by region from "link"'
name=lua policy - 'function f(x money) money from lua "../secret/file"' 'function g(x money) money from lua "absolute"' 'pay p = f(g($1))'
name=inside policy - "use \"$PWD/plan/lib/inside\"" 'use "../plan/lib/inside"' 'use "good"' 'use "sub/../lib/inside"'
ln -s ../secret/file plan/evil.attain
ln -s ../secret/nothing plan/evil-too.attain
ln -s inside.attain plan/alias.attain
ln -s plan other

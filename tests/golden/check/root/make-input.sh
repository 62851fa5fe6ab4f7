mkdir plan shared elsewhere
echo 'param shared = 1' > shared/file
{ cat head; echo 'use "../shared/file"'; } > plan/policy.attain
echo 'param = 1' > shared/wrong
{ cat head; echo 'use "../shared/wrong"'; } > plan/wrong.attain
ln -s elsewhere link

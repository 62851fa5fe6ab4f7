# The same 40,000 rows in all forms; more than two parts for threads.
awk 'BEGIN { print "id,rep,amount,closed_on,product"; for (i = 1; i <= 40000; i++) print "d" i ",张三," i ",2026-03-01,云存储 服务" }' > deals.csv
tr , ';' < deals.csv | iconv -f UTF-8 -t GB18030 > gb18030.csv
tr , '\t' < deals.csv | iconv -f UTF-8 -t UTF-16 > utf16.csv
tr , '|' < deals.csv | iconv -f UTF-8 -t UTF-16BE > utf16be.csv
gzip -c deals.csv > deals.csv.gz
gzip -c gb18030.csv > gb18030.csv.gz
head -c 9000 deals.csv.gz > cut.csv.gz
{ printf 'id,rep,amount,closed_on,product\nd1,'; head -c 40000000 /dev/zero | tr '\0' x; } | gzip -c > bomb.csv.gz
printf 'id,rep,amount,closed_on,product\nd1,M\374ller,5,2026-03-01,x\n' > two.csv
printf 'id;rep;amount;closed_on;product\nd1;张三;1,234;2026-03-01;x\n' > decimal.csv
printf 'id,rep,amount,closed_on;product\nd1,张三,5,2026-03-01;x\n' > separators.csv
printf '\037\213\010\000junk that is not compressed' > junk.csv.gz

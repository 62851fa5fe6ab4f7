"""tests/oracle/parts.py ATTAIN: parts of rows over random policies.

The parts of each component add up to what the same policy pays without `by`, and those of one component are those of
the largest-remainder method, calculated here with fractions."""
import csv, io, os, random, subprocess, sys, tempfile
from fractions import Fraction as F

ATTAIN = os.path.abspath(sys.argv[1])
os.chdir(tempfile.mkdtemp())
bad = 0
for seed in range(40):
    r=random.Random(seed)
    open('reps.csv','w').write('id,team\n'+''.join(f'r{i},t{i%2}\n' for i in range(5)))
    open('deals.csv','w').write('id,rep,amount,closed\n'+''.join(f'd{k:03},r{r.randrange(5)},{r.choice([1,-1,1,1])*r.randrange(0,300000)/100:.2f},2026-{r.randrange(1,7):02}-{r.randrange(1,28):02}\n' for k in range(60)))
    parts=['pay a on bookings by booking = %d%% up to $1,000 + %d%% over $1,000'%(r.randrange(1,9),r.randrange(9,20)),
     'pay b on bookings by booking in order = %d%% up to $900 + %d%% over $900'%(r.randrange(1,9),r.randrange(9,20)),
     'pay c on bookings by booking in order cumulative over year = 3% up to $2,000 + 7% over $2,000',
     'pay d on bookings by booking each quarter paid after 1 month = 2%',
     'pay e on bookings = 4%','pool p per team on bookings by booking = 3% split equally','pay g per booking = 1% of amount']
    caps=r.sample(['cap a at $80','cap b at $70','floor b at $20','cap e at $30','cap total at $300','cap g at $9'],3)
    caps.sort(key=lambda c:'total' in c)
    head='policy "P"\n effective from 2026-01-01 to 2026-12-31\n currency USD\n period month\npayee rep from "reps.csv" { id text key  team text }\ndata deal from "deals.csv" { id text key  rep rep  amount money  closed date }\ncredit booking from deal to rep on closed amount deal.amount\nmeasure bookings = sum of amount from booking\n'
    open('p.attain','w').write(head+'\n'.join(parts+caps)+'\n')
    plain='\n'.join(x.replace(' by booking in order','').replace(' by booking','') for x in parts)
    open('q.attain','w').write(head+plain+'\n'+'\n'.join(caps)+'\n')
    def run(*a):
        p=subprocess.run([ATTAIN,'run',*a,'-q'],capture_output=True,text=True)
        if p.returncode: print(p.stderr); sys.exit(1)
        return list(csv.DictReader(io.StringIO(p.stdout)))
    def tot(rows):
        t={}
        for x in rows:
            k=(x['payee'],x['period'],x['component']); t[k]=t.get(k,0)+F(x['amount'])
        return {k:v for k,v in t.items() if v}
    t=tot(run('q.attain','-f','csv'))
    for args in (('p.attain','-f','csv'),('p.attain','--by','deal'),('q.attain','--by','deal'),('p.attain','--by','deal','-j','8')):
        if tot(run(*args))!=t: bad+=1; print('differs',seed,args)
    # largest remainder by hand for a
    rows=list(csv.DictReader(open('deals.csv')))
    got={}
    for x in run('p.attain','-f','csv'):
        if x['component']=='a': got[x['payee'],x['period'],x['line']]=F(x['amount'])
    want={}
    for (pay,per,c),v in t.items():
        if c!='a': continue
        w=sorted((x['id'],max(F(0),F(x['amount']))) for x in rows if x['rep']==pay and x['closed'][:7]==per)
        s=sum(b for _,b in w)
        if s==0: want[pay,per,'']=v; continue
        cents=int(v*100); sh=[(k,cents*b/s) for k,b in w]
        cut=[(k,abs(x)//1) for k,x in sh]; left=abs(cents)-sum(c for _,c in cut)
        order=sorted(range(len(sh)),key=lambda i:-(abs(sh[i][1])-cut[i][1]))
        c2=[c for _,c in cut]
        for i in order[:int(left)]: c2[i]+=1
        for (k,_),c in zip(cut,c2):
            if c: want[pay,per,k]=F(c,100)*(1 if cents>=0 else -1)
    if want!=got: bad+=1; print('parts differ',seed)
print('40 policies, %d differ' % bad)
sys.exit(bad > 0)

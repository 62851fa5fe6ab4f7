python3 - <<'P'
import csv
keys = '''ana Ana ANA ben.okafor ben_okafor ben-okafor 王芳 李 김 박지성 かな カナ őrs иван Иван ИВАН αθηνα ΑΘΗΝΑ
con CON con.txt nul prn.a aux com1 COM9.x lpt5 index Index INDEX index.html . .. ... .hidden -rf --help a. a.. ~
a/b a\\b a:b a*b a?b a<b a>b a|b a"b a'b a%b a%2fb a#b a&b a+b a@b.example ana@example.com $x `x` !x
straße strasse STRASSE straẞe Ä ä ǅ ǆ Ǆ ﬁ fi ſ s K k K İ i ı I İi ς σ Σ Å Å å ａ Ａ ｱ ア １ ² 2 µ μ Μ
a／b a＼b a：b a․b … ﹕ É é É é が が 각 각 नमस्ते สวัสดี مرحبا שלום 👍 👩‍👩‍👧 𝐀 𝒜 豈 豈
ana-0123456789 Ana-0123456789 ana-0123456789-2 x-anaruizabc y-anaruizabc Ana_ ana_ _ __ -'''.split()
keys += ['a b', 'a  b', 'a\u00a0b', 'a\u3000b', 'a\u200bb', 'a\u202eb', 'a\u2066b', 'a\u061cb', 'a\ufeffb',
         'a\x01b', 'a\x1b[31mb', 'a\x7fb', 'a\x85b', 'a\u00adb', 'a\ufe0fb', 'a\u034fb', '\u0301a', 'a\ue000b', 'con ',
         'x' * 85, 'x' * 300, 'x' * 299 + 'y', '王' * 100, '王' * 26, '王' * 27, 'É' * 200, 'a' + '\u0301' * 300]
keys += ['K487914', 'K866122']  # their numbers are equal
keys += [('é' if i % 2 else 'E\u0301') + str(i // 2) for i in range(40)]
seen = set()
with open('reps.csv', 'w', newline='', encoding='utf-8') as file:
    out = csv.writer(file, lineterminator='\n')
    out.writerow(['id'])
    for key in keys:
        trimmed = key.strip()
        if trimmed and trimmed not in seen:
            seen.add(trimmed)
            out.writerow([key])
P
echo 'rep,amount,closed_on
ana,100,2026-01-05' > deals.csv

import html, os, re, unicodedata, urllib.parse

names = sorted(os.listdir('pages'))
index = open('pages/index.html', encoding='utf-8').read()
pairs = re.findall(r'<a href="([^"]*)">(.*?)</a>', index)
links = [urllib.parse.unquote(html.unescape(link)) for link, _ in pairs]
shown = [html.unescape(re.sub('<[^>]*>', '', text)) for _, text in pairs]
rows = open('reps.csv', encoding='utf-8').read().count('\n') - 1
assert len(links) == rows == len(names) - 1, (len(links), rows, len(names))
assert sorted(links) == sorted(set(names) - {'index.html'})

# Forms under which some file system may take two names for one.
for form in ('NFC', 'NFD', 'NFKC', 'NFKD'):
    for case in (str.casefold, str.upper, str.lower):
        folded = {}
        for name in names:
            key = unicodedata.normalize(form, case(unicodedata.normalize(form, name)))
            key = key.replace('I', 'i').replace('\u0307', '').replace('\u0131', 'i')  # as in Turkish
            assert key not in folded, (form, name, folded[key])
            folded[key] = name

devices = {'con', 'prn', 'aux', 'nul'} | {a + d for a in ('com', 'lpt') for d in '0123456789¹²³'}
for name in names:
    assert len(name.encode()) <= 100, name
    assert name[0] not in '-. ~' and name.endswith('.html') and name[-6] not in ' ', name
    assert name.split('.')[0].rstrip().lower() not in devices, name
    assert not re.search(r'[<>:"/\\|?*\x00-\x20\x7f\'&%#$`!;]', name), name
    for c in unicodedata.normalize('NFKC', name):
        assert unicodedata.category(c) not in ('Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zs', 'Zl', 'Zp'), (name, hex(ord(c)))
        assert c not in '<>:"/\\|?*', (name, c)
    assert unicodedata.combining(name[0]) == 0, name

page = dict(zip(shown, links))
for key in ('ana', 'ben.okafor', 'ben_okafor', 'ben-okafor', '王芳', '李', '김', '박지성', 'かな', 'カナ', 'őrs', 'иван', 'αθηνα'):
    assert page[key] == key + '.html', (key, page[key])
for key in ('Ana', 'ANA', 'Иван', 'नमस्ते'):
    assert page[key].startswith(key + '-'), (key, page[key])
assert page['K866122'] == page['K487914'].replace('.html', '-2.html').replace('K487914', 'K866122')
print('safe, unique, linked')

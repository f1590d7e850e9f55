"""What deciding costs, beside the number of rules: generated rules and mails of
4 KB, Chinese and English mixed, measured by rules_bench in processor time."""

import json
import os
import random
import shutil
import subprocess
from base64 import encodebytes

import corpus
import reload
import replay
from place import ROOT
from postdesk import CONFIGURATION, Failed, program, ship

COUNTS = (10, 100, 1000, 10000)
KINDS = ("many", "few")  # words that the rules are made of
RULES_IN_FILE = 500
MAILS = 200
MAIL_BYTES = 4096
SYLLABLES = "ka lo mi ren tas vor del pin gra sus ne qui bal tor fen mar zo lex dru ham".split()
HAN = ("服务器磁盘错误登录密码重置发票打印网络账户订单退款交货付款客户系统更新崩溃报告紧急会议证书超时备份恢复"
       "许可合同损坏端口光纤交换机数据库表空间监控告警权限审批流程接口日志集群节点存储镜像容器域名解析")


def make_program():
    """Builds rules_bench where the measured postdesk was built."""
    build = os.path.dirname(program())
    if not os.path.exists(os.path.join(build, "Makefile")):
        raise Failed("the postdesk that is measured was not built here, so rules_bench cannot be")
    subprocess.run(["make", "-C", build, "bench/rules_bench"], check=True, capture_output=True)
    return os.path.join(build, "bench", "rules_bench")


class Words:
    """Systems, hosts and matters of a large house; common ones first, as in any text. Or a `few`
    words of which all rules and all mails are made: the worst case for looking for words."""

    def __init__(self, chance, few=False):
        self.chance = chance
        if few:
            self.english = "server disk error login password reset invoice printer network account order refund".split()
            self.chinese = "服务器 磁盘 错误 登录 密码 重置 发票 打印 网络 账户 订单 退款 交货 付款 客户".split()
            return
        self.english = list(dict.fromkeys("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))
                                          for _ in range(3000)))
        self.chinese = list(dict.fromkeys("".join(chance.choices(HAN, k=chance.randint(2, 4)))
                                          for _ in range(3000)))

    def seldom(self, words):
        return self.chance.choice(words)

    def often(self, words):
        return words[min(int(self.chance.paretovariate(0.5)) - 1, len(words) - 1)]


def pattern(words, number):
    """Field and pattern of one rule; six kinds that admins write."""
    en, zh, chance = words.english, words.chinese, words.chance
    kind = number % 6
    if kind == 0:
        return "body", rf"\b(?:srv|db|app){number:05d}\b"
    if kind == 1:
        return "subject", f"{words.seldom(en)}.*{words.seldom(en)}"
    if kind == 2:
        return "body", f"(?:{words.seldom(zh)}|{words.seldom(zh)})[^\\n。]{{0,8}}(?:{words.seldom(zh)}|失败|报错)"
    if kind == 3:
        return "body", rf"\b{words.seldom(en)}\s+(?:{words.seldom(en)}|{words.seldom(en)})s?\b"
    if kind == 4:
        return "from", f"@(?:mail|smtp)[.]dept{chance.randrange(2000)}[.]example[.]org$"
    return "body", f"(?:ORD|INV|RMA{number})-[0-9]{{{chance.randint(4, 6)}}}{chance.randrange(10)}"


def write_rules(folder, count, few=False):
    """The folder of rule files, and the same patterns for the plain way."""
    words = Words(random.Random(5), few)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in ("matrix.yaml", "targets.yaml", "people.yaml", "calendars"):
        source = os.path.join(ROOT, "rules", name)
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, os.path.join(folder, name))
    patterns = [pattern(words, number) for number in range(count)]
    for start in range(0, count, RULES_IN_FILE):
        with open(os.path.join(folder, f"{start:05d}.yaml"), "w", encoding="utf-8") as out:
            out.write("rules:\n")
            for number, (field, text) in enumerate(patterns[start:start + RULES_IN_FILE], start):
                out.write(f"- {{id: r{number}, when: {{{field}: '{text}'}}, then: {{tags: [t{number % 20}]}}}}\n")
    with open(folder + ".tsv", "w", encoding="utf-8") as out:
        out.writelines(f"{field}\t{text}\n" for field, text in patterns)
    return folder


def text_of(words):
    """About 4 KB: sentences by turns, most of common words, some that rules look for."""
    parts, size, chance = [], 0, words.chance
    while size < MAIL_BYTES:
        if chance.random() < 0.5:
            line = " ".join(chance.choice(corpus.ENGLISH) if chance.random() < 0.8 else words.often(words.english)
                            for _ in range(10)) + f" srv{chance.randrange(10000):05d}.\n"
        else:
            line = "".join(chance.choice(corpus.CHINESE) if chance.random() < 0.8 else words.often(words.chinese)
                           for _ in range(12)) + "。\n"
        parts.append(line)
        size += len(line.encode())
    return "".join(parts) + f"ORD-{chance.randrange(100000):05d}\n"


def write_mails(folder, few=False):
    words, paths = Words(random.Random(5), few), []
    words.chance = random.Random(6)
    os.makedirs(folder, exist_ok=True)
    for number in range(MAILS):
        subject = f"{words.often(words.english)} {words.chance.choice(corpus.ENGLISH)} {words.seldom(words.english)}"
        path = os.path.join(folder, f"{number:04d}.eml")
        with open(path, "wb") as out:
            out.write((f"Message-ID: <{number}@example.org>\n"
                       f"From: Reporter <u{number}@mail.dept{number}.example.org>\nTo: support@example.org\n"
                       f"Date: Mon, 5 Jan 2026 09:00:00 +0800\nSubject: {subject}\nMIME-Version: 1.0\n"
                       "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n").encode())
            out.write(encodebytes(text_of(words).encode()))
        paths.append(path)
    return paths


def ask(tool, *words, cache=""):
    done = subprocess.run([tool, *words], capture_output=True, text=True, timeout=900,
                          env={**os.environ, "RULES_CACHE": cache})
    if done.returncode != 0:
        raise Failed(f"rules_bench {words[0]} ended with {done.returncode}: {done.stderr[-400:]}")
    return json.loads(done.stdout.splitlines()[-1])


def configure(folder, rules):
    """A desk of its own with these rules; the path of its configuration."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "postdesk.yaml")
    with open(path, "w") as out:
        out.write(CONFIGURATION.format(folder=folder, imap=1, smtp=1, user="nobody")
                  .replace("rules: rules", f"rules: {rules}").replace("templates: templates\n", ""))
    with open(os.path.join(folder, "secret"), "w") as out:
        out.write("none\n")
    os.chmod(os.path.join(folder, "secret"), 0o600)
    return path


def one_set(tool, folder, kind, count, mails):
    """As a desk is some time after its start: what is compiled in the background is there."""
    rules = write_rules(os.path.join(folder, f"{kind}-{count}"), count, kind == "few")
    desk = configure(os.path.join(folder, f"desk-{kind}-{count}"), rules)
    cache = os.path.join(os.path.dirname(desk), "state", "rules.cache")
    os.makedirs(os.path.dirname(cache), mode=0o700)
    return {"kind": kind, **ask(tool, "compile", rules, cache),
            **ask(tool, "match", rules, rules + ".tsv", *mails, cache=cache),
            **ask(tool, "load", rules, cache=cache), **ask(tool, "desk", desk, *mails)}


def reloaded(tool, folder, count, mails):
    """A running desk whose many rules are compiled already, and one more comes."""
    rules = write_rules(os.path.join(folder, "reload"), count)
    desk = os.path.join(folder, "desk-reload")
    path = configure(desk, rules)
    with open(path, "r+", encoding="utf-8") as out:
        text = out.read().replace("limits:\n", "limits:\n  process_workers: 1\n")
        out.seek(0)
        out.write(text.replace("acknowledge: true", "acknowledge: false"))
    os.mkdir(os.path.join(desk, "state"), 0o700)
    compiled = ask(tool, "compile", rules, os.path.join(desk, "state", "rules.cache"))
    return {"kind": "reload", "rules_before": count, **compiled,
            **reload.measure(path, rules, mails, os.path.join(folder, "fed"), compiled["scanner"])}


def measure(folder, counts=COUNTS):
    """A list of figures: for each kind of rules and each number of them, and for what ships."""
    ship(folder + ".shipped")
    os.makedirs(folder, exist_ok=True)
    tool, found = make_program(), []
    for kind in KINDS:
        mails = write_mails(os.path.join(folder, "mails-" + kind), kind == "few")
        found += [one_set(tool, folder, kind, count, mails) for count in counts]
    many = write_mails(os.path.join(folder, "mails-many"))
    shipped = os.path.join(ROOT, "rules")
    return found + [
        {"kind": "shipped", **ask(tool, "desk", configure(os.path.join(folder, "desk-shipped"), shipped), *many)},
        reloaded(tool, folder, counts[-1], many),
        {"kind": "replay", **replay.measure(tool, configure(os.path.join(folder, "desk-replay"), shipped), shipped,
                                            many, os.path.join(folder, "replay"))}]


def goals(found):
    by = {(one["kind"], one.get("rules")): one for one in found}
    most = max(one.get("rules", 0) for one in found)
    thousand, few, many = by["many", 1000], by["many", 10], by["many", most]

    def goal(what, value, bound, reached):
        return {"goal": what, "bound": bound, "value": round(value, 2), "reached": reached}

    times = thousand["plain_us"] / thousand["evaluate_us"]
    growth = many["process_us"] / few["process_us"]
    shipped = by["shipped", None]["peak_mib"]
    told = by["reload", None]["reload_ms"]
    replayed = by["replay", None]["replay_per_second"]
    return [goal("1,000 rules beside PCRE2 rule by rule", times, ">= 15", times >= 15),
            goal(f"process step with {most} rules beside 10", growth, "<= 2", growth <= 2),
            goal("memory with the shipped rules, MiB", shipped, "<= 64", shipped <= 64),
            goal(f"memory with {most} rules, MiB", many["peak_mib"], "<= 300", many["peak_mib"] <= 300),
            goal(f"reload of {most} rules acknowledged, ms", told, "<= 100", told <= 100),
            goal("stored messages replayed a second", replayed, ">= 3000", replayed >= 3000)]


TOLD = {
    "reload": "reload of {rules_before} rules: acknowledged after {reload_ms} ms, live after {loaded_ms} ms, compiled "
              "after {compiled_ms} ms ({compile_ms:.0f} ms alone, {compile_peak_mib:.0f} MiB)\n"
              "  longest gap between messages {reload_gap_ms} ms meanwhile, {usual_gap_ms} ms before; "
              "{reload_per_second} and {usual_per_second} messages a second as fed",
    "replay": "replay: {replayed} messages in {replay_seconds} s, {replay_per_second} a second",
}


def print_table(found):
    print(f"\n\n{'rules':<16}{'evaluate µs':>12}{'plain µs':>12}{'ratio':>8}{'process µs':>12}{'load ms':>9}{'compile s':>11}{'MiB':>8}")
    for of in found:
        name = f"{of['kind']} {of.get('rules', '')}"
        if of["kind"] in TOLD:
            print(TOLD[of["kind"]].format(**of))
            continue
        if "plain_us" not in of:
            print(f"{name:<16}{'':>32}{of['process_us']:>12.0f}{'':>20}{of['peak_mib']:>8.1f}")
            continue
        print(f"{name:<16}{of['evaluate_us']:>12.1f}{of['plain_us']:>12.1f}{of['plain_us'] / of['evaluate_us']:>8.1f}"
              f"{of['process_us']:>12.0f}{of['load_ms']:>9.0f}"
              f"{of['compile_ms'] / 1e3:>11.1f}{of['peak_mib']:>8.1f}")

"""Runs the official protobuf conformance suite against the testee.

The runner is too new for Debian 12's C library, so it runs on the one that scripts/newer-libc has unpacked. It exits
with 0 when it runs no tests at all; therefore its figures must be exactly those that are expected of its version.
"""
import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile

SKIPPED = 77  # ctest's word for a test that cannot run here

SUMMARY = re.compile(r'CONFORMANCE SUITE (PASSED|FAILED): (\d+) successes, (\d+) skipped, '
                     r'(\d+) expected failures, (\d+) unexpected failures\.')


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--testee', required=True)
    parser.add_argument('--runner', required=True)
    parser.add_argument('--libraries', required=True, help='folder of the C library that the runner needs')
    parser.add_argument('--failures', required=True, help='the tests that are known to fail')
    parser.add_argument('--successes', type=int, required=True, help='binary and JSON tests of proto3')
    parser.add_argument('--skipped', type=int, required=True, help='those of proto2')
    return parser.parse_args()


def known_failures(path):
    with open(path, encoding='utf-8') as lines:
        return sum(1 for line in lines if line.split('#')[0].strip())


def run(args):
    loader = os.path.join(args.libraries, 'ld-linux-x86-64.so.2')
    with tempfile.TemporaryDirectory() as folder:
        command = [loader, '--library-path', args.libraries, args.runner, '--enforce_recommended',
                   '--maximum_edition', 'PROTO3', '--failure_list', args.failures, '--output_dir', folder, args.testee]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors='replace', timeout=240, check=False)


def judge(args, done):
    """What is wrong, in a sentence each."""
    if done.returncode != 0:
        yield f'the runner ended with {done.returncode}'
    suites = [match.groups() for match in SUMMARY.finditer(done.stdout)]
    if len(suites) != 2:
        yield f'the runner has two suites, binary with JSON and text format, but it summed up {len(suites)}'
        return
    verdict, *figures = suites[0]
    wanted = [args.successes, args.skipped, known_failures(args.failures), 0]
    if verdict != 'PASSED' or [int(figure) for figure in figures] != wanted:
        yield f'{verdict}: {figures}, where {wanted} was expected'
    verdict, successes, _, *failures = suites[1]
    if verdict != 'PASSED' or [successes, *failures] != ['0', '0', '0']:
        yield 'text format is no part of this, yet something of it was not skipped'


def main():
    args = arguments()
    if platform.machine() != 'x86_64':
        print('the runner is there for x86_64 only')
        return SKIPPED
    for needed in (args.runner, args.libraries, args.testee):
        if not os.path.exists(needed):
            print(f'{needed} is missing: scripts/deps brings what others made, scripts/build the rest')
            return 1
    done = run(args)
    wrong = list(judge(args, done))
    for line in done.stdout.splitlines():
        if wrong or line.startswith('CONFORMANCE SUITE'):
            print(line)
    for sentence in wrong:
        print(f'conformance: {sentence}')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())

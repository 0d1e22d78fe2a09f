"""What the package must not import."""

import subprocess
import sys


def test_the_package_knows_neither_trainer_nor_pictures():
    code = (
        "import sys, ltens.regimes; "
        "print([m for m in ('ltens._core', 'ltens.training.trainer', 'ltens.plot', 'matplotlib', "
        "'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

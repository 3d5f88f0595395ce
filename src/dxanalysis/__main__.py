"""``python -m dxanalysis`` is the command ``dxanalysis``."""

from dxanalysis.cli import main

if __name__ == "__main__":
    main()

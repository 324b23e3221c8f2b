"""Documents that last: tagged PDF/A-3a and PDF/UA-1 files from HTML, joined and sealed.

The package knows neither Django's ORM nor any other app: it takes HTML, data and dates, and gives bytes.

- `base`: the values that go in and the error that comes out
- `text`: what the embedded fonts cannot show is written out as ``[U+XXXX]``
- `fonts`: the embedded fonts
- `render`: one HTML document to one PDF
- `join`: several of these PDFs to one, tags kept
- `foreign`: what a file from elsewhere is, and whether it is fit to be kept
- `adopt`: a PDF from elsewhere as a part that can be joined
- `office`: an Office file as PDF, where the operator has LibreOffice
- `book`: parts under one outline and one count of pages
- `child`: all of the above in a process with limits on memory and time
- `sign`: the invisible PAdES signature
"""

extension LandingPage {
    /// The style sheet. Text has a contrast of at least 4.5 to its background, in light and in dark mode.
    static let style = colours + page + table + wide + narrow

    private static let colours = """
        :root{color-scheme:light dark;--page:#fff;--text:#1c2128;--muted:#57606a;--line:#d0d7de;--card:#f6f8fa;\
        --link:#0550ae;--head:#a8350d;--good:#1a7f37;--bad:#b42318;--alarm:#b42318;--on-alarm:#fff;\
        --warning:#ffe08a;--on-warning:#4d3300}\
        @media(prefers-color-scheme:dark){:root{--page:#0f1419;--text:#e3e7eb;--muted:#9da7b1;--line:#343c46;\
        --card:#181e25;--link:#7cb8ff;--head:#7d2709;--good:#56d364;--bad:#ff8a80;--alarm:#ff8a80;--on-alarm:#2a0603;\
        --warning:#5c4300;--on-warning:#ffe5a0}}
        """

    private static let page = """
        body{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
        line-height:1.4;margin:0;background:var(--page);color:var(--text);overflow-wrap:break-word}\
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem;padding:.75rem 1rem;\
        background:var(--head);color:#fff}\
        h1{margin:0;font-size:1.5rem}\
        header p{margin:0}\
        main{padding:0 1rem 2rem}\
        p{margin:.75rem 0}\
        a{color:var(--link)}\
        small{color:var(--muted);font-size:.85em}\
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0;padding:0;list-style:none}\
        .choice{white-space:nowrap}\
        .choice>*{margin-left:.4rem}\
        .ready{color:var(--good)}\
        strong.missing{color:var(--bad)}
        """

    private static let table = """
        table{width:100%;border-collapse:collapse;font-size:.9rem}\
        caption{padding:0 0 .5rem;text-align:left}\
        th,td{padding:.35rem;text-align:left;vertical-align:top}\
        thead th{color:var(--muted);font-size:.8rem;font-weight:600}\
        td{font-variant-numeric:tabular-nums}\
        th small,td small{display:block;font-weight:400}\
        span.alarm,span.warning,span.usual{display:inline-block;padding:.05rem .45rem;border:1px solid var(--line);\
        border-radius:.6rem;line-height:1.25}\
        span.alarm{background:var(--alarm);border-color:var(--alarm);color:var(--on-alarm)}\
        span.warning{background:var(--warning);border-color:var(--warning);color:var(--on-warning)}\
        span.missing{color:var(--muted)}\
        .notes p{margin:0 0 .25rem}\
        details{margin-top:.25rem}\
        summary{color:var(--link);cursor:pointer}
        """

    /// A table, whose folded tables have the same columns.
    private static let wide = """
        @media(min-width:85rem){\
        table{table-layout:fixed}\
        .number{text-align:right}\
        .outer>thead th{position:sticky;top:0;background:var(--page);box-shadow:inset 0 -2px var(--line);\
        vertical-align:bottom}\
        .outer>tbody{border-bottom:1px solid var(--line)}\
        .more>td{padding:0 0 .6rem}\
        .notes,summary{margin:0 .35rem}\
        .notes{display:grid;grid-template-columns:3fr 2fr 2fr;gap:0 2rem}\
        details table{margin-top:.25rem;background:var(--card)}}
        """

    /// A card for each row, and the links that sort in a line above the cards.
    private static let narrow = """
        @media(max-width:84.99rem){\
        table,caption,thead,tbody,tr,th,td{display:block}\
        .outer>thead>tr{display:flex;flex-wrap:wrap;gap:.2rem .75rem}\
        .outer>thead>tr::before{content:"Sort by"}\
        .outer>thead th{padding:0;font-size:.9rem}\
        .outer>thead:not(:has(a)),.outer>thead th:not(:has(a)),details thead{display:none}\
        .outer>tbody{margin-top:.75rem;padding:.5rem;border:1px solid var(--line);border-radius:.4rem;\
        background:var(--card)}\
        tbody>tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))}\
        tbody>tr>th,.more>td{grid-column:1/-1}\
        tbody>tr>.wide{grid-column:span 2}\
        tbody th,tbody td{padding:.2rem .25rem}\
        td[data-label]::before{content:attr(data-label);display:block;color:var(--muted);font-size:.85em}\
        details tr{margin-top:.4rem;padding-top:.4rem;border-top:1px solid var(--line)}}
        """
}

extension MailTemplate {
    /// One titled line of a letter.
    static func fact(_ title: String, _ value: String) -> String {
        """
        <h2 class="muted" style="margin:0 0 4px;color:#4b5563;font-size:14px;line-height:20px;">\(title)</h2>
        <p class="ink" style="margin:0 0 16px;color:#111827;font-size:16px;line-height:24px;">\(value)</p>

        """
    }

    /// A letter's HTML: tables and inline styles, because many mail programs know nothing else; they are marked as
    /// presentation for screen readers. Contrast is at least 4.5 to 1 (WCAG 2, 1.4.3), in dark mode too.
    static func page(title: String, kicker: String, heading: String, lead: String, facts: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>\(title)</title>
        <style>
        @media (prefers-color-scheme: dark) {
            .page { background-color: #0b1120 !important; }
            .card { background-color: #162033 !important; border-color: #334155 !important; }
            .ink { color: #f1f5f9 !important; }
            .muted { color: #b6c2d2 !important; }
        }
        @media (max-width: 480px) {
            .pad { padding-left: 20px !important; padding-right: 20px !important; }
        }
        </style>
        </head>
        <body class="page" style="margin:0;padding:0;background-color:#eef1f6;">
        <div role="article" aria-roledescription="email" aria-label="\(title)" lang="en">
        <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0"
            style="background-color:#eef1f6;">
        <tr><td align="center" style="padding:32px 12px;">
        <table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0"
            style="max-width:600px;background-color:#ffffff;border:1px solid #d5dbe5;border-radius:12px;
            border-collapse:separate;overflow:hidden;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;">
        <tr><td class="pad" style="background-color:#162447;padding:28px 36px;">
        <p style="margin:0 0 6px;color:#c9d5f0;font-size:14px;line-height:20px;">\(kicker)</p>
        <h1 style="margin:0;color:#ffffff;font-size:26px;line-height:32px;font-weight:700;">\(heading)</h1>
        </td></tr>
        <tr><td class="pad ink" style="padding:28px 36px 8px;color:#111827;font-size:16px;line-height:24px;">
        \(lead)
        </td></tr>
        <tr><td class="pad" style="padding:16px 36px;">
        \(facts)
        </td></tr>
        </table>
        <p class="muted" style="margin:20px 0 0;color:#4b5563;font-size:13px;line-height:20px;
            font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;"
        ><a class="muted" href="{{publicURL}}" style="color:#4b5563;"
        >Voelgoed Tickets</a></p>
        </td></tr>
        </table>
        </div>
        </body>
        </html>

        """
    }
}

extension MailTemplate {
    /// The platform's own wording of the mail with an order's tickets.
    static let tickets = MailTemplate(
        subject: "Your {{ticketCountText}} for {{eventName}}", text: ticketsText, html: ticketsHTML)

    private static let ticketsText = """
        Hello {{givenName}},

        thank you for your order. The attached file {{attachmentName}} holds your {{ticketCountText}}.
        Show the code on each page at the door, on paper or on your phone.

        {{eventName}}
        {{#occurrenceName}}
        {{occurrenceName}}
        {{/occurrenceName}}

        When:   {{start}} until {{end}}
                {{zone}}
        {{#venueName}}
        Where:  {{venueName}}
        {{/venueName}}
        {{#venueAddressLines}}
                {{.}}
        {{/venueAddressLines}}
        {{#organizerName}}
        By:     {{organizerName}}
        {{/organizerName}}

        {{#tickets}}
        {{number}}. {{typeName}} for {{holderName}}
           Confirmation code {{confirmationCode}}, {{price}}
        {{/tickets}}

        Total:  {{total}}
        Order:  {{orderCode}}

        Whoever shows a code first is let in, so please do not share pictures of it.

        Voelgoed Tickets
        {{publicURL}}

        """

    /// Tables and inline styles, because many mail programs know nothing else; they are marked as presentation for
    /// screen readers. Contrast is at least 4.5 to 1 (WCAG 2, 1.4.3), in dark mode too.
    private static let ticketsHTML = """
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>Your {{ticketCountText}} for {{eventName}}</title>
        <style>
        @media (prefers-color-scheme: dark) {
            .page { background-color: #0b1120 !important; }
            .card { background-color: #162033 !important; border-color: #334155 !important; }
            .ink { color: #f1f5f9 !important; }
            .muted { color: #b6c2d2 !important; }
            .line { border-color: #334155 !important; }
            .code { background-color: #0b1120 !important; color: #f1f5f9 !important; }
        }
        @media (max-width: 480px) {
            .pad { padding-left: 20px !important; padding-right: 20px !important; }
        }
        </style>
        </head>
        <body class="page" style="margin:0;padding:0;background-color:#eef1f6;">
        <div style="display:none;max-height:0;overflow:hidden;">
        {{start}}{{#venueName}}, {{venueName}}{{/venueName}}. Your tickets are attached.
        </div>
        <div role="article" aria-roledescription="email" aria-label="Your tickets for {{eventName}}" lang="en">
        <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0"
            style="background-color:#eef1f6;">
        <tr><td align="center" style="padding:32px 12px;">
        <table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0"
            style="max-width:600px;background-color:#ffffff;border:1px solid #d5dbe5;border-radius:12px;
            border-collapse:separate;overflow:hidden;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;">
        <tr><td class="pad" style="background-color:#162447;padding:28px 36px;">
        <p style="margin:0 0 6px;color:#c9d5f0;font-size:14px;line-height:20px;">Your {{ticketCountText}}</p>
        <h1 style="margin:0;color:#ffffff;font-size:26px;line-height:32px;font-weight:700;">{{eventName}}</h1>
        {{#occurrenceName}}
        <p style="margin:6px 0 0;color:#ffffff;font-size:16px;line-height:24px;">{{occurrenceName}}</p>
        {{/occurrenceName}}
        </td></tr>
        <tr><td class="pad ink" style="padding:28px 36px 8px;color:#111827;font-size:16px;line-height:24px;">
        <p style="margin:0 0 16px;">Hello {{givenName}},</p>
        <p style="margin:0;">thank you for your order. Your tickets are attached as <strong>{{attachmentName}}</strong>.
        Show the code on each page at the door, on paper or on your phone.</p>
        </td></tr>
        <tr><td class="pad" style="padding:16px 36px;">
        <h2 class="muted" style="margin:0 0 4px;color:#4b5563;font-size:14px;line-height:20px;">When</h2>
        <p class="ink" style="margin:0 0 16px;color:#111827;font-size:16px;line-height:24px;"
        ><strong>{{start}}</strong> until {{end}}<br>
        <span class="muted" style="color:#4b5563;font-size:14px;">{{zone}}</span></p>
        {{#venueName}}
        <h2 class="muted" style="margin:0 0 4px;color:#4b5563;font-size:14px;line-height:20px;">Where</h2>
        <p class="ink" style="margin:0 0 16px;color:#111827;font-size:16px;line-height:24px;"
        ><strong>{{venueName}}</strong>{{#venueAddressLines}}<br>{{.}}{{/venueAddressLines}}</p>
        {{/venueName}}
        {{#organizerName}}
        <h2 class="muted" style="margin:0 0 4px;color:#4b5563;font-size:14px;line-height:20px;">Organised by</h2>
        <p class="ink" style="margin:0;color:#111827;font-size:16px;line-height:24px;">{{organizerName}}</p>
        {{/organizerName}}
        </td></tr>
        <tr><td class="pad" style="padding:8px 36px 0;">
        <table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;">
        <caption class="muted" style="text-align:left;color:#4b5563;font-size:14px;line-height:20px;font-weight:700;
            padding-bottom:4px;">Tickets</caption>
        <thead><tr style="font-size:1px;line-height:1px;color:transparent;">
        <th scope="col" align="left">Ticket</th><th scope="col" align="right">Price</th>
        </tr></thead>
        <tbody>
        {{#tickets}}
        <tr>
        <td class="ink line" style="padding:14px 0;border-top:1px solid #d5dbe5;color:#111827;font-size:16px;
            line-height:24px;"><strong>{{typeName}}</strong><br>{{holderName}}<br>
        <span class="muted" style="color:#4b5563;font-size:14px;">Confirmation code</span>
        <span class="code" style="display:inline-block;padding:1px 8px;border-radius:6px;background-color:#eef1f6;
            color:#111827;font-family:Menlo,Consolas,monospace;font-size:15px;letter-spacing:1px;"
        >{{confirmationCode}}</span></td>
        <td class="ink line" align="right" valign="top" style="padding:14px 0 14px 12px;border-top:1px solid #d5dbe5;
            color:#111827;font-size:16px;line-height:24px;white-space:nowrap;">{{price}}</td>
        </tr>
        {{/tickets}}
        </tbody>
        <tfoot><tr>
        <th scope="row" align="left" class="ink line" style="padding:14px 0;border-top:2px solid #d5dbe5;color:#111827;
            font-size:16px;line-height:24px;">Total</th>
        <td class="ink line" align="right" style="padding:14px 0 14px 12px;border-top:2px solid #d5dbe5;color:#111827;
            font-size:16px;line-height:24px;white-space:nowrap;"><strong>{{total}}</strong></td>
        </tr></tfoot>
        </table>
        </td></tr>
        <tr><td class="pad muted" style="padding:12px 36px 28px;color:#4b5563;font-size:14px;line-height:21px;">
        <p style="margin:0 0 8px;">Order {{orderCode}}</p>
        <p style="margin:0;">Whoever shows a code first is let in, so please do not share pictures of it.</p>
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

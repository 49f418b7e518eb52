extension MailTemplate {
    /// The platform's own wording of a letter: what it may name is ``LetterContent``.
    static func letter(_ kind: Letter.Kind) -> MailTemplate {
        switch kind {
        case .occurrenceCanceled: occurrenceCanceled
        case .orderRefunded: orderRefunded
        case .checkoutRefunded: checkoutRefunded
        case .endpointDisabled: endpointDisabled
        }
    }

    private static let occurrenceCanceled = MailTemplate(
        subject: "Canceled: {{eventName}}, {{start}}",
        text: """
            Hello {{salutation}},

            we are sorry: {{eventName}} on {{start}} will not take place.

            {{#occurrenceName}}
            {{occurrenceName}}
            {{/occurrenceName}}
            {{#reason}}
            Why:    {{reason}}
            {{/reason}}
            {{#organizerName}}
            By:     {{organizerName}}
            {{/organizerName}}
            {{#amount}}
            Refund: {{amount}}
            {{/amount}}
            Order:  {{orderCode}}

            {{#amount}}
            You need to do nothing: {{amount}} go back the way you paid, and we write again once they are on their way.
            {{/amount}}
            Your tickets are no longer valid.

            Voelgoed Tickets
            {{publicURL}}

            """,
        html: page(
            title: "Canceled: {{eventName}}", kicker: "Canceled", heading: "{{eventName}}",
            lead: """
                <p style="margin:0 0 16px;">Hello {{salutation}},</p>
                <p style="margin:0 0 16px;">we are sorry: <strong>{{eventName}}</strong> on {{start}} will not take place.</p>
                {{#amount}}<p style="margin:0 0 16px;">You need to do nothing: <strong>{{amount}}</strong> go back the way you
                paid, and we write again once they are on their way.</p>{{/amount}}
                <p style="margin:0;">Your tickets are no longer valid.</p>
                """,
            facts: occasion + reason + amount("Refund") + order))

    private static let orderRefunded = MailTemplate(
        subject: "{{#amount}}{{amount}} refunded{{/amount}}{{^amount}}Tickets taken back{{/amount}}: {{eventName}}",
        text: """
            Hello {{salutation}},

            {{#amount}}
            {{amount}} of your order for {{eventName}} on {{start}} were refunded. They go back the way you paid; your bank may
            need some days to show them.
            {{/amount}}
            {{^amount}}
            your order for {{eventName}} on {{start}} was taken back.
            {{/amount}}
            {{#ticketCountText}}

            No longer valid: {{ticketCountText}}
            {{/ticketCountText}}
            {{^ticketCountText}}

            Your tickets stay valid.
            {{/ticketCountText}}

            {{#reason}}
            Why:    {{reason}}
            {{/reason}}
            {{#organizerName}}
            By:     {{organizerName}}
            {{/organizerName}}
            Order:  {{orderCode}}

            Voelgoed Tickets
            {{publicURL}}

            """,
        html: page(
            title: "Refund for {{eventName}}", kicker: "Refund", heading: "{{eventName}}",
            lead: """
                <p style="margin:0 0 16px;">Hello {{salutation}},</p>
                {{#amount}}<p style="margin:0 0 16px;"><strong>{{amount}}</strong> of your order were refunded. They go back the
                way you paid; your bank may need some days to show them.</p>{{/amount}}
                {{^amount}}<p style="margin:0 0 16px;">your order was taken back.</p>{{/amount}}
                {{#ticketCountText}}<p style="margin:0;">No longer valid: {{ticketCountText}}.</p>{{/ticketCountText}}
                {{^ticketCountText}}<p style="margin:0;">Your tickets stay valid.</p>{{/ticketCountText}}
                """,
            facts: occasion + reason + amount("Refunded") + order))

    private static let checkoutRefunded = MailTemplate(
        subject: "Your payment of {{amount}} was refunded",
        text: """
            Hello {{salutation}},

            your payment could not be turned into tickets and was refunded: when it arrived, the places were gone.

            Refunded: {{amount}}
            Checkout: {{checkoutCode}}

            The money goes back the way you paid; your bank may need some days to show it.

            Voelgoed Tickets
            {{publicURL}}

            """,
        html: page(
            title: "Your payment was refunded", kicker: "Refund", heading: "Your payment was refunded",
            lead: """
                <p style="margin:0 0 16px;">Hello {{salutation}},</p>
                <p style="margin:0 0 16px;">your payment could not be turned into tickets and was refunded: when it arrived, the
                places were gone.</p>
                <p style="margin:0;">The money goes back the way you paid; your bank may need some days to show it.</p>
                """,
            facts: amount("Refunded") + fact("Checkout", "{{checkoutCode}}")))

    private static let endpointDisabled = MailTemplate(
        subject: "Webhooks to {{endpointURL}} were stopped",
        text: """
            Hello {{salutation}},

            {{#isGone}}
            your webhook endpoint answered 410 Gone, which asks us to send no more. It is disabled now.
            {{/isGone}}
            {{^isGone}}
            every webhook to this endpoint has failed for five days. It is disabled now.
            {{/isGone}}

            Endpoint: {{endpointURL}}
                      {{endpointID}}
            {{#failingSince}}
            Failing:  since {{failingSince}}
            {{/failingSince}}
            Disabled: {{disabledAt}}

            What was still to be sent has ended as failed. Once the endpoint works, enable it again
            (PATCH /v1/webhook-endpoints/{{endpointID}} with "status": "enabled") and have what it missed sent again
            (POST /v1/webhook-endpoints/{{endpointID}}/deliveries/retry).

            Voelgoed Tickets
            {{publicURL}}

            """,
        html: page(
            title: "Webhooks were stopped", kicker: "Webhooks", heading: "An endpoint was disabled",
            lead: """
                <p style="margin:0 0 16px;">Hello {{salutation}},</p>
                {{#isGone}}<p style="margin:0 0 16px;">your webhook endpoint answered 410 Gone, which asks us to send no more. It
                is disabled now.</p>{{/isGone}}
                {{^isGone}}<p style="margin:0 0 16px;">every webhook to this endpoint has failed for five days. It is disabled
                now.</p>{{/isGone}}
                <p style="margin:0;">What was still to be sent has ended as failed. Once the endpoint works, enable it again
                (<code>PATCH /v1/webhook-endpoints/{{endpointID}}</code> with <code>"status": "enabled"</code>) and have what
                it missed sent again (<code>POST /v1/webhook-endpoints/{{endpointID}}/deliveries/retry</code>).</p>
                """,
            facts: fact("Endpoint", "{{endpointURL}}<br>{{endpointID}}")
                + "{{#failingSince}}" + fact("Failing", "since {{failingSince}}") + "{{/failingSince}}"
                + fact("Disabled", "{{disabledAt}}")))

    private static let occasion =
        fact("When", "<strong>{{start}}</strong><br>{{zone}}") + "{{#occurrenceName}}"
        + fact("What", "{{occurrenceName}}") + "{{/occurrenceName}}{{#organizerName}}"
        + fact("Organised by", "{{organizerName}}") + "{{/organizerName}}"
    private static let reason = "{{#reason}}" + fact("Why", "{{reason}}") + "{{/reason}}"
    private static let order = fact("Order", "{{orderCode}}")

    private static func amount(_ title: String) -> String {
        "{{#amount}}" + fact(title, "<strong>{{amount}}</strong>") + "{{/amount}}"
    }
}

/// Sixty-six short documents, as a shop's help centre, its API and its database might have them. A line each: key | title | text.

enum LabelledDocuments {
    static let all: [(key: String, title: String, text: String)] = lines.split(separator: "\n").map { line in
        let parts = line.split(separator: "|", maxSplits: 2).map { String($0.drop { $0 == " " }).trimmedEnd }
        return (parts[0], parts[1], parts[2])
    }

    private static let lines = """
        refunds/policy | Refund policy | Customers may ask for their money back within 30 days of delivery. The amount goes back to the card that paid. Opened software and gift cards are excluded.
        refunds/status | Where is my refund | A refund shows as pending until the bank has booked it, which takes three to five working days. After ten days support asks the bank.
        refunds/partial | Partial refunds | When only some items of an order come back, the discount is shared between the items by their price and the rest is paid out.
        returns/label | Return labels | Print the prepaid label from your account, glue it over the old address and hand the parcel in at any post office.
        returns/exchange | Exchanging sizes | Shoes and clothes can be swapped for another size once, free of charge, as long as the tags are on.
        shipping/times | Delivery times | Standard parcels arrive in two to four days, express the next morning. Islands and mountain villages take two days longer.
        shipping/international | Shipping abroad | We deliver to 41 countries. Customs duties and import taxes are paid by the receiver when the parcel crosses the border.
        shipping/tracking | Following a parcel | The tracking number is in the mail we send when the warehouse hands the box to the carrier. It works from the next morning on.
        shipping/lost | Parcel never came | If nothing has arrived seven days after the promised date we open an investigation with the carrier and send a replacement.
        shipping/address | Changing the delivery address | An address can be corrected until the label is printed. After that the carrier can redirect the parcel for a fee of 5 EUR.
        payment/cards | Paying by card | We take Visa, Mastercard and American Express. The card is charged when the goods leave the warehouse.
        payment/invoice | Buying on account | Companies with a credit check pay by invoice within 14 days. Reminders cost 3 EUR each, after the third a collection agency takes over.
        payment/declined | Card was declined | Banks decline for lack of funds, a wrong security code, or because 3-D Secure was not completed. Try another card or call the bank.
        payment/instalments | Paying in instalments | Orders over 200 EUR can be split into three, six or twelve monthly rates. The first rate is due at checkout.
        payment/currency | Currencies | Prices are shown in euro, sterling, dollar and Swiss franc. The exchange rate is fixed each morning at nine.
        account/password | Forgotten password | Use the link on the sign-in page. The mail with the reset link is valid for one hour and works once.
        account/twofactor | Two-factor authentication | Scan the QR code with an authenticator app. Ten recovery codes let you in when the phone is lost; keep them on paper.
        account/close | Closing an account | Write to support to have an account deleted. Invoices must be kept for ten years by law, everything else is erased within 30 days.
        account/email | Changing the e-mail address | The new address must be confirmed by a link before the old one is dropped. Both are told.
        account/locked | Locked account | After ten wrong passwords an account is locked for fifteen minutes. Support cannot shorten this.
        privacy/export | Getting a copy of your data | Under the GDPR you can download everything we store about you as a JSON archive. It is ready within a day.
        privacy/cookies | Cookies | Only cookies that the basket needs are set without consent. Analytics cookies are off until you agree to them.
        loyalty/points | Bonus points | Every euro earns one point. A hundred points are a voucher of 1 EUR. Points expire after two years.
        loyalty/tiers | Silver and gold members | Whoever spends 500 EUR a year becomes silver, from 2000 EUR gold. Gold members get express for free.
        vouchers/use | Redeeming a voucher | Type the code at checkout, in capital letters and without spaces. One voucher for each order; leftovers are not paid out.
        vouchers/gift | Gift cards | Gift cards are valid for four years and can be used in parts. They cannot be returned or changed into cash.
        warranty/terms | Warranty | Electrical goods carry a guarantee of three years against defects of material. Damage by water or falls is not covered.
        warranty/repair | Sending in a device for repair | Back up your data, remove the SIM and pack the device in its box. Repairs take about twelve working days.
        warranty/battery | Worn batteries | A battery that holds less than 80 percent of its capacity within two years is replaced without charge.
        stores/hours | Opening hours | Our shops are open from nine to eight, on Saturdays until six. On Sundays and public holidays they stay shut.
        stores/pickup | Collecting in a shop | Click and collect: choose a shop at checkout, wait for the text message, bring an identity card. We hold goods for seven days.
        stores/parking | Parking | The first two hours in the underground car park are free with a stamp from the till. There are six chargers for electric vehicles.
        jobs/apply | Working for us | Open positions are listed on the careers page. Send a letter and a CV as one PDF; we answer within two weeks.
        sustainability/packaging | Packaging | Boxes are made of recycled cardboard and filled with paper. Give old packaging back in any shop.
        sustainability/recycling | Old appliances | When we deliver a washing machine, fridge or television, the driver takes the old one along and has it recycled.
        business/accounts | Business customers | A company account has several buyers, spending limits and monthly statements. A VAT number is needed to open one.
        business/tenders | Quotes for large orders | From 50 pieces on ask for a quotation. It is binding for 14 days and includes delivery to the ramp.
        business/edi | Orders by EDI | Suppliers send EDIFACT messages ORDERS, DESADV and INVOIC over AS2. Test certificates are issued by integration support.
        api/authentication | API authentication | Every request carries a bearer token in the Authorization header. Tokens are made in the developer console and can be revoked there.
        api/ratelimits | Rate limits | A key may send 600 requests a minute. Above that the answer is 429 with a Retry-After header in seconds.
        api/pagination | Pagination | Lists answer up to 100 items and a next_cursor. Pass it back as the cursor parameter until it is null.
        api/webhooks | Webhooks | We POST events such as order.paid to your endpoint and sign the body with HMAC-SHA256 in X-Signature. Failed deliveries are repeated for three days.
        api/idempotency | Idempotency keys | Send an Idempotency-Key header with POST so that a retry after a timeout does not create the order twice.
        api/errors | Error format | Errors are application/problem+json with type, title, status and detail. Validation errors list each field.
        api/versions | API versions | A version is named by its date in the path. An old one is switched off no sooner than 18 months after its successor.
        api/sandbox | Sandbox | The sandbox at sandbox.example.com has test cards: 4242 4242 4242 4242 succeeds, 4000 0000 0000 0002 is refused.
        op/createOrder | POST /orders: createOrder | Creates an order from line items, a shipping address and a payment method. Answers 201 with the order and its number.
        op/cancelOrder | DELETE /orders/{id}: cancelOrder | Cancels an order that has not left the warehouse yet; 409 when it has been shipped.
        op/listOrders | GET /orders: listOrders | Lists the orders of the customer, newest first; filter by state, created_after and created_before.
        op/createRefund | POST /refunds: createRefund | Refunds an amount of a payment in whole or in part; needs the scope payments:write and a reason.
        op/getStock | GET /stock/{sku}: getStock | Tells how many pieces of an article are in each warehouse, and when the next delivery is expected.
        op/uploadImage | PUT /products/{sku}/image: uploadImage | Stores a product photo; JPEG, PNG or WebP up to 10 MB, at least 800 pixels wide.
        op/searchProducts | GET /products: searchProducts | Full-text search over name and description with facets for brand, colour, size and price.
        table/orders | Table orders | One row per order: id, number, customer_id, state, currency, total_cents, placed_at, shipped_at. Partitioned by month of placed_at.
        table/order_items | Table order_items | One row per line of an order: order_id, sku, quantity, unit_price_cents, tax_rate. The sum over all lines gives total_cents.
        table/customers | Table customers | One row per customer: id, email, name, tier, created_at, deleted_at. E-mail is unique among those not deleted.
        table/payments | Table payments | Every attempt to charge: order_id, provider, amount_cents, state, failure_code. An order can have many failed ones.
        table/stock_movements | Table stock_movements | Journal of goods in and out: sku, warehouse, quantity, reason, moved_at. Stock on hand is the sum of quantity.
        table/shipments | Table shipments | A parcel: order_id, carrier, tracking_number, handed_over_at, delivered_at, weight_grams.
        ops/deploy | Deploying | Merge to main, wait for the green pipeline, press promote. The canary gets five percent of the traffic for twenty minutes.
        ops/rollback | Rolling back | Run release revert with the number of the last good build. Database migrations are written so that the former build still runs.
        ops/oncall | On-call duty | The pager goes to the primary, after five minutes to the secondary. Incidents of severity one wake the head of engineering.
        ops/backups | Backups | PostgreSQL is backed up every night with pgBackRest and its WAL is archived; point in time recovery reaches back 35 days.
        ops/certificates | TLS certificates | Certificates are renewed by certbot thirty days before they expire. If that fails, renew by hand with certbot renew --force-renewal.
        kitchen/espresso | The espresso machine | Fill the tank, switch on, wait for the green lamp. Descale every Friday with citric acid; error E17 means the grounds drawer is full.
        kitchen/allergens | Allergens in the canteen | The menu marks gluten, nuts, lactose, celery and crustaceans by letters. Ask the cook about traces of sesame.
        """
}

extension String {
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}

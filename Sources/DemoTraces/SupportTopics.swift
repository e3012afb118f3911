import ByteCoding

/// What customers of the fictional shop ask, what the help centre and the tools know about it, and what the assistant says.
struct SupportTopic: Sendable {
    var tag: String
    var turns: [SupportTopicTurn]
}

struct SupportTopicTurn: Sendable {
    var question: String
    /// Titles and texts of the articles a search finds.
    var articles: [(title: String, text: String)]
    var tool: SupportTool?
    var answer: String
}

struct SupportTool: Sendable {
    var name: String
    var arguments: [JSONMember]
    var result: [JSONMember]
    /// The table the shop's order service reads for it.
    var table: String
}

enum SupportTopics {
    static let systemPrompt = """
        You are the support assistant of Larkspur Outdoor, a shop for tents, packs and boots. Answer in at most four sentences, \
        friendly and exact. Look up orders before you speak about them. Quote the help centre, never invent a policy. Offer a \
        person when the customer is upset or when a refund is above 400 euros. Never ask for card numbers.
        """

    static let triagePrompt = "Sort the customer's message: topic, urgency (low, normal, high), language. Answer with JSON only."

    static let all: [SupportTopic] = [
        SupportTopic(
            tag: "delivery",
            turns: [
                SupportTopicTurn(
                    question: "Hi, my order LO-48213 was due on Tuesday and I still don't have the tent. Where is it?",
                    articles: [
                        ("When will my order arrive?", "Standard delivery takes three to five working days. Tents ship from Ghent."),
                        ("Parcel is late", "If tracking has not moved for three working days, we start a trace with the carrier."),
                    ],
                    tool: SupportTool(
                        name: "get_order", arguments: [JSONMember(key: "order_id", value: .string("LO-48213"))],
                        result: [
                            JSONMember(key: "status", value: .string("in transit")), JSONMember(key: "carrier", value: .string("PostNL")),
                            JSONMember(key: "last_scan", value: .string("Antwerp hub, yesterday 21:40")),
                        ], table: "orders"),
                    answer: "Your tent left our warehouse in time and was scanned at the Antwerp hub yesterday at 21:40. The carrier "
                        + "expects it at your door tomorrow. If it has not moved by Friday, tell me and I will start a trace."),
                SupportTopicTurn(
                    question: "Can it be left with a neighbour? I'm away tomorrow.",
                    articles: [("Change a delivery", "Until 20:00 the day before, a neighbour or a parcel shop can be chosen.")],
                    tool: SupportTool(
                        name: "change_delivery",
                        arguments: [
                            JSONMember(key: "order_id", value: .string("LO-48213")), JSONMember(key: "place", value: .string("neighbour")),
                        ],
                        result: [JSONMember(key: "accepted", value: .bool(true))], table: "deliveries"),
                    answer: "Done: the carrier will ring at your neighbours' first. You will get a message that says where the parcel is."),
            ]),
        SupportTopic(
            tag: "refund",
            turns: [
                SupportTopicTurn(
                    question: "The left boot of my Alpine Pro pair leaks after two weeks. I want my money back.",
                    articles: [
                        ("Returns and refunds", "Unused goods can be returned within 60 days. Faulty goods are refunded for two years."),
                        ("Caring for leather boots", "Wax new boots before the first wet walk and again every month."),
                    ],
                    tool: SupportTool(
                        name: "get_order", arguments: [JSONMember(key: "order_id", value: .string("LO-47790"))],
                        result: [
                            JSONMember(key: "status", value: .string("delivered")),
                            JSONMember(key: "item", value: .string("Alpine Pro, 43")),
                            JSONMember(key: "paid_eur", value: .double(219.95)),
                        ], table: "orders"),
                    answer: "I am sorry, a new boot must not leak. It counts as faulty, so you get the full 219.95 euros back. Shall I "
                        + "send you a label for the return?"),
                SupportTopicTurn(
                    question: "Yes please, to my email.",
                    articles: [("Return labels", "Labels are sent by email and hold for 30 days.")],
                    tool: SupportTool(
                        name: "create_return",
                        arguments: [
                            JSONMember(key: "order_id", value: .string("LO-47790")), JSONMember(key: "reason", value: .string("faulty")),
                        ],
                        result: [
                            JSONMember(key: "return_id", value: .string("R-9031")), JSONMember(key: "label", value: .string("sent")),
                        ], table: "returns"),
                    answer: "The label for return R-9031 is in your inbox and holds for 30 days. The refund reaches you within three "
                        + "working days of the parcel reaching us."),
                SupportTopicTurn(
                    question: "And could you swap them instead, same size?",
                    articles: [("Exchanges", "An exchange ships when the carrier has scanned the return.")],
                    tool: SupportTool(
                        name: "check_stock", arguments: [JSONMember(key: "item", value: .string("Alpine Pro, 43"))],
                        result: [JSONMember(key: "in_stock", value: .integer(6))], table: "stock"),
                    answer: "Yes, six pairs in 43 are on the shelf. Use the same label; a new pair leaves as soon as yours is scanned."),
            ]),
        SupportTopic(
            tag: "advice",
            turns: [
                SupportTopicTurn(
                    question: "Which tent for two people and a dog, late October in Scotland?",
                    articles: [
                        ("Choosing a tent", "For wind and rain take a tunnel or geodesic tent with a 3,000 mm flysheet and two doors."),
                        ("Tents for cold months", "Three-season tents are fine down to freezing; more mesh means more draught."),
                    ],
                    tool: SupportTool(
                        name: "search_catalogue",
                        arguments: [
                            JSONMember(key: "category", value: .string("tents")), JSONMember(key: "sleeps", value: .integer(3)),
                        ],
                        result: [
                            JSONMember(
                                key: "hits",
                                value: .array([.string("Skerry 3, tunnel, 3.1 kg"), .string("Cairn 3, geodesic, 3.9 kg")]))
                        ], table: "catalogue"),
                    answer: "Take one that sleeps three, so the dog has room. The Cairn 3 stands best in a gale and keeps snow off; the "
                        + "Skerry 3 is lighter by 800 grams and has the larger porch for wet gear."),
                SupportTopicTurn(
                    question: "Is the floor of the Cairn tough enough for claws?",
                    articles: [("Groundsheets", "The Cairn's floor is 70 denier; a footprint is advised with dogs.")], tool: nil,
                    answer: "The floor is 70 denier and holds up well, but claws do find its limits. With the footprint under it and a mat "
                        + "for the dog you are on the safe side."),
            ]),
        SupportTopic(
            tag: "invoice",
            turns: [
                SupportTopicTurn(
                    question: "Bonjour, il me faut la facture de LO-46002 au nom de mon association.",
                    articles: [("Invoices", "Invoices can be issued to an association or a company within 90 days of the order.")],
                    tool: SupportTool(
                        name: "issue_invoice",
                        arguments: [
                            JSONMember(key: "order_id", value: .string("LO-46002")), JSONMember(key: "type", value: .string("association")),
                        ],
                        result: [JSONMember(key: "invoice", value: .string("2211-0482")), JSONMember(key: "sent", value: .bool(true))],
                        table: "invoices"),
                    answer: "Bien sûr : la facture 2211-0482 au nom de votre association vient de partir vers votre adresse e-mail.")
            ]),
        SupportTopic(
            tag: "account",
            turns: [
                SupportTopicTurn(
                    question: "I can't log in any more, the code never reaches my phone.",
                    articles: [
                        ("Signing in", "Codes are valid for ten minutes and can be sent by email instead."),
                        ("Lost phone", "Support can switch a customer to email codes after two questions about past orders."),
                    ],
                    tool: SupportTool(
                        name: "send_login_code", arguments: [JSONMember(key: "channel", value: .string("email"))],
                        result: [JSONMember(key: "sent", value: .bool(true))], table: "accounts"),
                    answer: "I have sent a code to your email instead; it is valid for ten minutes. Once you are in, you can set email as "
                        + "the usual way under Settings, Security."),
                SupportTopicTurn(
                    question: "Got it, thanks! Can you also delete my old address in Lyon?",
                    articles: [("Addresses", "Addresses can be removed in the account unless an open order uses them.")], tool: nil,
                    answer: "Glad it worked. You can remove it yourself under Settings, Addresses: no open order uses it any more."),
            ]),
    ]
}

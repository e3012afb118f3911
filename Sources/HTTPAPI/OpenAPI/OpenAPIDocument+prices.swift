/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let pricesPaths = ##"""
        "/api/v1/prices":{"get":{"tags":["Prices"],"operationId":"listPrices","summary":"List prices","description":"All prices\##
         of the installation, of one provider or for one pattern. Needs the scope `read`.","x-permission":"prices.read","paramet\##
        ers":[{"$ref":"#/components/parameters/Project"},{"name":"provider","in":"query","required":false,"description":"Only th\##
        is provider's.","schema":{"type":"string"}},{"name":"model","in":"query","required":false,"description":"Only this patte\##
        rn.","schema":{"type":"string"}}],"responses":{"200":{"description":"The prices.","content":{"application/json":{"schema\##
        ":{"$ref":"#/components/schemas/PriceList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compon\##
        ents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses\##
        /NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref"\##
        :"#/components/responses/Unavailable"}}},"post":{"tags":["Prices"],"operationId":"addPrices","summary":"Add prices","des\##
        cription":"Adds prices, or replaces those of the same provider, pattern and day. Spans that come in from now on are pric\##
        ed with them. Needs the scope `admin`. Prices belong to the installation: owners and admins of its first organization ad\##
        d them, and keys that reach it with the scope `admin`; others are answered 403.","x-permission":"prices.write","requestB\##
        ody":{"required":true,"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,"required":[\##
        "prices"],"properties":{"prices":{"type":"array","description":"1 to 500 prices.","items":{"$ref":"#/components/schemas/\##
        NewPrice"}}}}}}},"responses":{"201":{"description":"The new version.","content":{"application/json":{"schema":{"$ref":"#\##
        /components/schemas/PriceVersion"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/resp\##
        onses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound\##
        "},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/com\##
        ponents/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/componen\##
        ts/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"\##
        }},"parameters":[{"$ref":"#/components/parameters/Project"}]}}
        """##

    static let pricesSchemas = ##"""
        "Price":{"description":"What a model costs from a day on.","type":"object","additionalProperties":false,"required":["pro\##
        vider","model_pattern","effective_from","input_per_million","output_per_million","cache_read_per_million","cache_write_p\##
        er_million","reasoning_per_million","source"],"properties":{"provider":{"type":["string","null"],"description":"Canonica\##
        l name; null for any."},"model_pattern":{"type":"string","description":"A model's name; with `*` at its end, the beginni\##
        ng of one."},"effective_from":{"type":"string","description":"From when on it holds. RFC 3339 with nanoseconds, UTC.","f\##
        ormat":"date-time"},"input_per_million":{"type":"number","description":"US dollars per million tokens.","minimum":0},"ou\##
        tput_per_million":{"type":"number","description":"The same.","minimum":0},"cache_read_per_million":{"type":["number","nu\##
        ll"],"description":"Null: as input.","minimum":0},"cache_write_per_million":{"type":["number","null"],"description":"Nul\##
        l: as input.","minimum":0},"reasoning_per_million":{"type":["number","null"],"description":"Null: as output.","minimum":\##
        0},"source":{"type":"string","description":"Where the price stands."}}},"NewPrice":{"type":"object","additionalPropertie\##
        s":false,"required":["model_pattern","effective_from","input_per_million","output_per_million"],"properties":{"provider"\##
        :{"type":["string","null"],"description":"Canonical name; null for any."},"model_pattern":{"type":"string","description"\##
        :"A model's name; with `*` at its end, the beginning of one."},"effective_from":{"type":"string","description":"From whe\##
        n on it holds. RFC 3339 with nanoseconds, UTC.","format":"date-time"},"input_per_million":{"type":"number","description"\##
        :"US dollars per million tokens.","minimum":0},"output_per_million":{"type":"number","description":"The same.","minimum"\##
        :0},"cache_read_per_million":{"type":["number","null"],"description":"Null: as input.","minimum":0},"cache_write_per_mil\##
        lion":{"type":["number","null"],"description":"Null: as input.","minimum":0},"reasoning_per_million":{"type":["number","\##
        null"],"description":"Null: as output.","minimum":0},"source":{"type":"string","description":"Where the price stands."}}\##
        },"PriceList":{"type":"object","additionalProperties":false,"required":["data","next_cursor","version"],"properties":{"d\##
        ata":{"type":"array","description":"Prices.","items":{"$ref":"#/components/schemas/Price"}},"next_cursor":{"type":["stri\##
        ng","null"],"description":"For the next page; null on the last one."},"version":{"type":"integer","description":"Version\##
         of the price table."}}},"PriceVersion":{"type":"object","additionalProperties":false,"required":["version","count"],"pr\##
        operties":{"version":{"type":"integer","description":"Version of the price table."},"count":{"type":"integer","descripti\##
        on":"Prices added."}}}
        """##
}

/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let openidconnectPaths = ##"""
        "/api/v1/auth/openid-connect":{"get":{"tags":["Authentication"],"operationId":"beginOpenIDConnectSignIn","summary":"Begi\##
        n to sign in with the identity provider","description":"Sends a browser to the OpenID Connect provider that the server w\##
        as started with, and gives it a cookie that the callback needs within ten minutes. With `page` the browser comes back to\##
         that page with a session of its own, in a cookie; without, the callback answers tokens. Without a provider the answer i\##
        s 404.","x-permission":"public","security":[],"parameters":[{"name":"invitation","in":"query","required":false,"descript\##
        ion":"The token of an invitation that is to be accepted by this sign-in.","schema":{"type":"string"}},{"name":"page","in\##
        ":"query","required":false,"description":"The page of this server that the browser goes on to: a path, with its query.",\##
        "schema":{"type":"string"}}],"responses":{"303":{"description":"On to the provider.","headers":{"Location":{"description\##
        ":"The provider's authorization endpoint.","schema":{"type":"string"}},"Set-Cookie":{"description":"`spandrel_openid_con\##
        nect`: the sealed state of the sign-in.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malformed"}\##
        ,"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/com\##
        ponents/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavail\##
        able"}}}},"/api/v1/auth/openid-connect/callback":{"get":{"tags":["Authentication"],"operationId":"finishOpenIDConnectSig\##
        nIn","summary":"Finish signing in with the identity provider","description":"Where the provider sends the browser back t\##
        o. Signs in the user whom the identity is linked to; else accepts the invitation the sign-in was begun with, if it is fo\##
        r the identity's verified e-mail address; else links the identity to the user with that address. Everybody else has to b\##
        e invited. Other parameters that a provider adds are left alone.","x-permission":"public","security":[],"parameters":[{"\##
        name":"code","in":"query","required":false,"description":"The provider's authorization code.","schema":{"type":"string"}\##
        },{"name":"state","in":"query","required":false,"description":"Of the request that the provider answers.","schema":{"typ\##
        e":"string"}},{"name":"error","in":"query","required":false,"description":"Why the provider refused, instead of a code."\##
        ,"schema":{"type":"string"}},{"name":"iss","in":"query","required":false,"description":"The provider, when it names itse\##
        lf (RFC 9207).","schema":{"type":"string"}}],"responses":{"200":{"description":"Signed in.","content":{"application/json\##
        ":{"schema":{"$ref":"#/components/schemas/SignedIn"}}},"headers":{"Set-Cookie":{"description":"Ends the cookie of the si\##
        gn-in.","schema":{"type":"string"}}}},"303":{"description":"Signed in, for a sign-in that was begun with `page`: on to i\##
        t.","headers":{"Location":{"description":"The page.","schema":{"type":"string"}},"Set-Cookie":{"description":"The sessio\##
        n's cookie, and the end of the sign-in's own.","schema":{"type":"string"}}}},"400":{"$ref":"#/components/responses/Malfo\##
        rmed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{\##
        "$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/r\##
        esponses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}\##
        ,"/api/v1/auth/methods":{"get":{"tags":["Authentication"],"operationId":"getSignInMethods","summary":"Tell how people si\##
        gn in","description":"What a sign-in page offers.","x-permission":"public","security":[],"responses":{"200":{"descriptio\##
        n":"The ways.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/SignInMethods"}}}},"400":{"$ref":"#\##
        /components/responses/Malformed"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/response\##
        s/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let openidconnectSchemas = ##"""
        "SignInMethods":{"type":"object","additionalProperties":false,"required":["password","openid_connect"],"properties":{"pa\##
        ssword":{"type":"boolean","description":"With an e-mail address and a password."},"openid_connect":{"type":"boolean","de\##
        scription":"With an identity provider: a browser goes to `/api/v1/auth/openid-connect`."}}}
        """##
}

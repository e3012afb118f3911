/// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
/// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

extension OpenAPIDocument {
    static let organizationsPaths = ##"""
        "/api/v1/organizations":{"post":{"tags":["Organizations"],"operationId":"createOrganization","summary":"Create an organi\##
        zation","description":"The caller, an owner of another one, becomes its owner.","x-permission":"organizations.create","p\##
        arameters":[{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"s\##
        chema":{"$ref":"#/components/schemas/OrganizationName"},"example":{"name":"Research"}}}},"responses":{"201":{"descriptio\##
        n":"The organization.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Organization"}}}},"400":{"$\##
        ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/compon\##
        ents/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlo\##
        w"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":\##
        {"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/compone\##
        nts/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organization_id}":\##
        {"get":{"tags":["Organizations"],"operationId":"getOrganization","summary":"Get an organization","description":"One the\##
         caller belongs to; by a key, one that it reaches.","x-permission":"organization.read","parameters":[{"name":"organizati\##
        on_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$ref":"#/compone\##
        nts/parameters/Project"}],"responses":{"200":{"description":"The organization.","content":{"application/json":{"schema":\##
        {"$ref":"#/components/schemas/Organization"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/compo\##
        nents/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/response\##
        s/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref\##
        ":"#/components/responses/Unavailable"}}},"patch":{"tags":["Organizations"],"operationId":"updateOrganization","summary"\##
        :"Rename an organization","description":"Needs the role admin.","x-permission":"organization.manage","parameters":[{"nam\##
        e":"organization_id","in":"path","required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$r\##
        ef":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"\##
        #/components/schemas/OrganizationName"},"example":{"name":"Research"}}}},"responses":{"200":{"description":"The organiza\##
        tion.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Organization"}}}},"400":{"$ref":"#/componen\##
        ts/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/F\##
        orbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/TooSlow"},"413":{"$ref\##
        ":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/compo\##
        nents/responses/Unprocessable"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/De\##
        fect"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/api/v1/organizations/{organization_id}/features":{"get":\##
        {"tags":["Organizations"],"operationId":"listFeatureFlags","summary":"List feature flags","description":"With their perc\##
        entages and what is set by hand.","x-permission":"features.manage","parameters":[{"name":"organization_id","in":"path","\##
        required":true,"description":"The organization's id.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Proje\##
        ct"}],"responses":{"200":{"description":"The flags.","content":{"application/json":{"schema":{"$ref":"#/components/schem\##
        as/FeatureFlagList"}}}},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthen\##
        ticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$re\##
        f":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/response\##
        s/Unavailable"}}}},"/api/v1/organizations/{organization_id}/features/{feature}":{"put":{"tags":["Organizations"],"operat\##
        ionId":"setFeatureFlag","summary":"Set a feature flag","description":"On for a percentage of the organization's projects\##
        , picked by their ids, and for the projects that are set by hand. Makes the flag if there is none.","x-permission":"feat\##
        ures.manage","parameters":[{"name":"organization_id","in":"path","required":true,"description":"The organization's id.",\##
        "schema":{"type":"string"}},{"name":"feature","in":"path","required":true,"description":"The flag's name.","schema":{"ty\##
        pe":"string"}},{"$ref":"#/components/parameters/Project"}],"requestBody":{"required":true,"content":{"application/json":\##
        {"schema":{"$ref":"#/components/schemas/FeatureFlagChange"},"example":{"percentage":50,"overrides":{}}}}},"responses":{"\##
        200":{"description":"The flag.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureFlag"}}}},"\##
        400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"\##
        #/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/response\##
        s/TooSlow"},"409":{"$ref":"#/components/responses/Conflict"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$r\##
        ef":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Unprocessable"},"429":{"$ref":"\##
        #/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Un\##
        available"}}},"delete":{"tags":["Organizations"],"operationId":"removeFeatureFlag","summary":"Remove a feature flag","de\##
        scription":"It is off everywhere.","x-permission":"features.manage","parameters":[{"name":"organization_id","in":"path",\##
        "required":true,"description":"The organization's id.","schema":{"type":"string"}},{"name":"feature","in":"path","requir\##
        ed":true,"description":"The flag's name.","schema":{"type":"string"}},{"$ref":"#/components/parameters/Project"}],"respo\##
        nses":{"204":{"description":"Gone."},"400":{"$ref":"#/components/responses/Malformed"},"401":{"$ref":"#/components/respo\##
        nses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"\##
        },"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":"#/components/responses/Defect"},"503":{"$ref":"#/compon\##
        ents/responses/Unavailable"}}}},"/api/v1/features":{"get":{"tags":["Organizations"],"operationId":"listFeatures","summar\##
        y":"List features","description":"Whether each of the organization's feature flags is on for the project.","x-permission\##
        ":"features.read","parameters":[{"$ref":"#/components/parameters/Project"}],"responses":{"200":{"description":"The featu\##
        res.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/FeatureList"}}}},"400":{"$ref":"#/components\##
        /responses/Malformed"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/For\##
        bidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/Limited"},"500":{"$ref":\##
        "#/components/responses/Defect"},"503":{"$ref":"#/components/responses/Unavailable"}}}}
        """##

    static let organizationsSchemas = ##"""
        "Organization":{"description":"An organization.","type":"object","additionalProperties":false,"required":["id","name","c\##
        reated_at"],"properties":{"id":{"type":"string","description":"The organization.","format":"uuid"},"name":{"type":"strin\##
        g","description":"Its name."},"created_at":{"type":"string","description":"When it was made. RFC 3339 with nanoseconds,\##
         UTC.","format":"date-time"}}},"OrganizationName":{"description":"Its name.","type":"object","additionalProperties":fals\##
        e,"required":["name"],"properties":{"name":{"type":"string","description":"1 to 100 characters.","minLength":1,"maxLengt\##
        h":100}}},"FeatureFlag":{"description":"A feature flag.","type":"object","additionalProperties":false,"required":["name"\##
        ,"percentage","overrides"],"properties":{"name":{"type":"string","description":"The flag."},"percentage":{"type":"intege\##
        r","description":"Of the organization's projects.","minimum":0,"maximum":100},"overrides":{"type":"object","description"\##
        :"Projects for which it is set by hand.","additionalProperties":{"type":"boolean"}}}},"FeatureFlagList":{"type":"object"\##
        ,"additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","description":"Flag\##
        s.","items":{"$ref":"#/components/schemas/FeatureFlag"}},"next_cursor":{"type":["string","null"],"description":"For the\##
         next page; null on the last one."}}},"FeatureFlagChange":{"description":"What to set.","type":"object","additionalPrope\##
        rties":false,"required":["percentage"],"properties":{"percentage":{"type":"integer","description":"Of the organization's\##
         projects.","minimum":0,"maximum":100},"overrides":{"type":["object","null"],"description":"Projects by id: on or off wh\##
        atever the percentage.","additionalProperties":{"type":"boolean"}}}},"Feature":{"description":"A feature as the project\##
         has it.","type":"object","additionalProperties":false,"required":["name","is_enabled"],"properties":{"name":{"type":"st\##
        ring","description":"The flag."},"is_enabled":{"type":"boolean","description":"Whether it is on."}}},"FeatureList":{"typ\##
        e":"object","additionalProperties":false,"required":["data","next_cursor"],"properties":{"data":{"type":"array","descrip\##
        tion":"Features.","items":{"$ref":"#/components/schemas/Feature"}},"next_cursor":{"type":["string","null"],"description"\##
        :"For the next page; null on the last one."}}}
        """##
}

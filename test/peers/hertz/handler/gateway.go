// The handlers behind the routes that hz generates: each binds its request as Hertz does and tells back what it saw.

package gateway

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/cloudwego/hertz/pkg/app"
	gateway "kite.test/hertzpeer/biz/model/gateway"
)

func bind(c *app.RequestContext, req any) bool {
	if err := c.BindAndValidate(req); err != nil {
		c.String(http.StatusBadRequest, err.Error())
		return false
	}
	return true
}

func GetUser(_ context.Context, c *app.RequestContext) {
	var req gateway.GetUserReq
	if !bind(c, &req) {
		return
	}
	c.Header("X-Trace", "trace-of-"+c.Param("id"))
	c.JSON(http.StatusAccepted, &gateway.GetUserResp{Seen: &req, Cookies: string(c.GetHeader("Cookie"))})
}

func CreateUser(_ context.Context, c *app.RequestContext) {
	var req gateway.CreateUserReq
	if !bind(c, &req) {
		return
	}
	resp := &gateway.CreateUserResp{User: req.User}
	if req.Key != nil {
		resp.Key = *req.Key
	}
	if req.Page != nil {
		resp.Page = *req.Page
	}
	c.JSON(http.StatusCreated, resp)
}

func UpdateUser(_ context.Context, c *app.RequestContext) {
	update(c)
}

func PatchUser(_ context.Context, c *app.RequestContext) {
	update(c)
}

func update(c *app.RequestContext) {
	var req gateway.UpdateReq
	if !bind(c, &req) {
		return
	}
	c.JSON(http.StatusOK, &gateway.UpdateResp{ID: req.ID, Name: req.Name, Tags: req.Tags, Type: string(c.ContentType())})
}

func Upload(_ context.Context, c *app.RequestContext) {
	var req gateway.UploadReq
	if !bind(c, &req) {
		return
	}
	header, err := c.FormFile("file")
	if err != nil {
		c.String(http.StatusBadRequest, err.Error())
		return
	}
	file, err := header.Open()
	if err != nil {
		c.String(http.StatusInternalServerError, err.Error())
		return
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		c.String(http.StatusInternalServerError, err.Error())
		return
	}
	c.JSON(http.StatusOK, &gateway.UploadResp{Title: req.Title, Filename: header.Filename, Content: string(content)})
}

func Raw(_ context.Context, c *app.RequestContext) {
	var req gateway.RawReq
	if !bind(c, &req) {
		return
	}
	c.JSON(http.StatusOK, &gateway.RawResp{Rest: req.Rest, Body: req.Body, Type: string(c.ContentType())})
}

func DeleteUser(_ context.Context, c *app.RequestContext) {
	var req gateway.DeleteReq
	if !bind(c, &req) {
		return
	}
	if req.Why != nil {
		c.Header("X-Why", *req.Why)
	}
	c.Status(http.StatusNoContent)
}

func Fail(_ context.Context, c *app.RequestContext) {
	var req gateway.FailReq
	if !bind(c, &req) {
		return
	}
	c.JSON(int(req.Status), map[string]any{"error": "asked for", "status": req.Status})
}

// Sleep answers late, which is what a deadline is for.
func Sleep(_ context.Context, c *app.RequestContext) {
	var req gateway.SleepReq
	if !bind(c, &req) {
		return
	}
	time.Sleep(time.Duration(req.Ms) * time.Millisecond)
	c.JSON(200, &gateway.SleepResp{Ms: req.Ms})
}

from django.urls import path

from portal.brand import installed, looks, views

app_name = "brand"
urlpatterns = [
    path("brand.css", views.brand_css, name="stylesheet"),
    path("brand/logo/<slug:variant>", views.logo, name="logo"),
    path("brand/own.css", views.own_css, name="own_css"),
    path("brand/font/<str:key>/<slug:style>", views.font, name="font"),
    path("brand/icon", views.icon, name="icon"),
    path("brand/icon/<slug:kind>", views.app_icon_png, name="app_icon"),
    path("brand/picture/sign-in", views.sign_in_picture, name="sign_in_picture"),
    path("brand/picture/behind/<slug:name>", views.background, name="background"),
    path("favicon.ico", views.icon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", installed.service_worker, name="service_worker"),
    path("offline/<slug:language>/", installed.offline, name="offline"),
    path("look/<str:key>/", looks.look, name="look"),
    path("look/<str:key>/<slug:sample>/", looks.look_sample, name="look_sample"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
